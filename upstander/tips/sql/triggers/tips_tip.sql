CREATE TRIGGER tips_life_is_never_junk BEFORE UPDATE OF rank, junk ON tips_tip
    FOR EACH ROW WHEN (NEW.junk AND NEW.rank = 0) EXECUTE FUNCTION tips_life_is_never_junk();

CREATE TRIGGER tips_tip_moves BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW EXECUTE FUNCTION tips_tip_moves();
