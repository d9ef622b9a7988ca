CREATE TRIGGER mandated_becomes AFTER UPDATE OF mandated ON tips_tip
    FOR EACH ROW WHEN (NEW.mandated AND NOT OLD.mandated) EXECUTE FUNCTION mandated_becomes();

-- Set aside as junk nobody is asked about it any more: that is an end too, also of what is linked
-- to a matter of abuse without being about abuse itself.
CREATE TRIGGER mandated_set_aside BEFORE UPDATE OF junk ON tips_tip
    FOR EACH ROW WHEN (NEW.junk) EXECUTE FUNCTION mandated_tip_ends();

-- What was once about abuse stays so.
CREATE TRIGGER mandated_stays_so BEFORE UPDATE OF mandated ON tips_tip
    FOR EACH ROW WHEN (OLD.mandated AND NOT NEW.mandated) EXECUTE FUNCTION mandated_stays();

CREATE TRIGGER mandated_tip_ends BEFORE UPDATE OF state, disposition ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'closed'
                       AND (OLD.state <> 'closed' OR OLD.disposition <> NEW.disposition))
    EXECUTE FUNCTION mandated_tip_ends();
