-- Two persons close a life-safety tip as nothing, whoever asks and however: the endings that need a
-- second person are those of dispositions.py (a test compares them).
CREATE FUNCTION cases_two_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_secondopinion o
                   WHERE o.tip_id = NEW.id AND o.kind = 'false' AND o.state = 'agreed'
                     AND o.disposition = NEW.disposition AND o.decided_by <> o.proposed_by
                     AND o.decided_at = date_trunc('second', api.clock_now())) THEN
        RAISE EXCEPTION 'a second person must agree to this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- Not by a change of the ending alone either, once it is closed, nor together with its priority.
CREATE TRIGGER cases_two_close BEFORE UPDATE OF state, disposition ON tips_tip
    FOR EACH ROW WHEN ('life_safety' IN (OLD.priority, NEW.priority) AND NEW.state = 'closed'
                       AND NEW.disposition IN ('not_enough', 'unfounded', 'false_harm', 'junk')
                       AND (OLD.state <> 'closed' OR OLD.disposition <> NEW.disposition))
    EXECUTE FUNCTION cases_two_close();

-- What was read when something was proposed, by the turn of the conversation and not by the clock.
UPDATE cases_secondopinion o SET turn = coalesce((SELECT max(m.turn) FROM tips_message m
    WHERE m.tip_id = o.tip_id AND m.at <= o.proposed_at), 0);
