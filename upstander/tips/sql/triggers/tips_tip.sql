CREATE TRIGGER tips_life_is_never_junk BEFORE UPDATE OF rank, junk ON tips_tip
    FOR EACH ROW WHEN (NEW.junk AND NEW.rank = 0) EXECUTE FUNCTION tips_life_is_never_junk();

CREATE TRIGGER tips_tip_moves BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW EXECUTE FUNCTION tips_tip_moves();

CREATE TRIGGER tips_handing_waits BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'handed_off' AND OLD.state <> 'handed_off')
    EXECUTE FUNCTION tips_handing_waits('id');

CREATE TRIGGER tips_not_see_stays BEFORE UPDATE OF not_see, not_see_turn ON tips_tip
    FOR EACH ROW WHEN (OLD.not_see AND NOT NEW.not_see OR NEW.not_see_turn < OLD.not_see_turn)
    EXECUTE FUNCTION tips_not_see_stays();

CREATE TRIGGER tips_kept_as_stays BEFORE UPDATE OF kept_as ON tips_tip
    FOR EACH ROW WHEN (OLD.kept_as <> NEW.kept_as) EXECUTE FUNCTION tips_kept_as_stays();

CREATE TRIGGER tips_read AFTER UPDATE OF first_read_at, state ON tips_tip
    FOR EACH ROW WHEN (OLD.first_read_at IS NULL AND NEW.first_read_at IS NOT NULL
        OR (NEW.state = 'handed_off' OR NEW.state = 'closed') AND OLD.state <> NEW.state)
    EXECUTE FUNCTION tips_read();

CREATE TRIGGER tips_ground_ends BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (OLD.state = 'handed_off' AND NEW.state = 'returned' AND NEW.to_talk)
    EXECUTE FUNCTION tips_ground_ends();
