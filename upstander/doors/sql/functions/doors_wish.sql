-- Keeps that a tip's reporter wishes to be called, by whatever door they said so: only now their
-- number is kept, sealed to the conversation. One wish a tip, for a day; whoever says it again is
-- called where they say now. False: it was said five times within a day, which is no child who
-- mistyped, and each may be rung.
CREATE OR REPLACE FUNCTION doors_wish(p_tip uuid, p_wish uuid, p_line text, p_provider text,
    p_language text, p_number bytea) RETURNS boolean
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    SELECT t.id, t.district_id, t.matter_id INTO of_tip FROM tips_tip t WHERE t.id = p_tip;
    IF of_tip.id IS NULL OR length(p_number) NOT BETWEEN 1 AND 4000 THEN
        RETURN false;
    END IF;
    INSERT INTO doors_callback (id, tip_id, district_id, line, provider, language, number, at, rung,
            asked, how)
        VALUES (p_wish, of_tip.id, of_tip.district_id, p_line, p_provider, p_language, p_number,
            now_, 0, 1, '')
        ON CONFLICT (tip_id) DO UPDATE SET id = excluded.id, line = excluded.line,
            provider = excluded.provider, language = excluded.language, number = excluded.number,
            at = excluded.at, rung = 0, how = '', ended_at = NULL,
            asked = CASE WHEN doors_callback.at <= now_ - interval '1 day' THEN 1
                ELSE doors_callback.asked + 1 END
            WHERE doors_callback.asked < 5 OR doors_callback.at <= now_ - interval '1 day';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'call back wished',
        p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
        p_detail => '{}'::jsonb);
    PERFORM pg_notify('tips', of_tip.id::text);
    RETURN true;
END $$;
