-- It is settled by a person who writes down whom it means and keeps them out, or why nobody must
-- be. It counts for what has been said by now, never for what is said later.
CREATE OR REPLACE FUNCTION tips_settled_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NEW.how = 'kept_out' AND NOT EXISTS (
           SELECT 1 FROM matters_exclusion b JOIN tips_tip t ON t.matter_id = b.matter_id
           WHERE t.id = NEW.tip_id)
       OR NOT EXISTS (
           SELECT 1 FROM tips_note n WHERE n.id = NEW.note_id AND n.tip_id = NEW.tip_id
             AND n.audience = 'center' AND n.person_id = NEW.person_id)
       OR NEW.turn IS DISTINCT FROM (SELECT t.not_see_turn FROM tips_tip t WHERE t.id = NEW.tip_id)
       OR NEW.how <> ALL ('{kept_out,dismissed}'::text[]) THEN
        RAISE EXCEPTION 'keep out whom it means, or write down why nobody must be'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
