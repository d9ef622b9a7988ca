-- An answer is about what its tip held when it was given, at most: nobody answers ahead.
CREATE OR REPLACE FUNCTION mandated_answer_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.tip_id IS NOT NULL THEN
        NEW.turn := (SELECT least(NEW.turn, t.turns) FROM tips_tip t WHERE t.id = NEW.tip_id);
    END IF;
    RETURN NEW;
END $$;
