-- A talk is the center's alone until somebody names the ground on which others get it: said on each
-- of the tables by which anybody else would, whoever writes there. (That it is not handed off
-- either, a constraint of its row says.)
CREATE OR REPLACE FUNCTION tips_talk_stays() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF api.tip_is_held(p_tip => (to_jsonb(NEW) ->> TG_ARGV[0])::uuid) THEN
        RAISE EXCEPTION 'this is a talk: first name the ground on which others get it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
