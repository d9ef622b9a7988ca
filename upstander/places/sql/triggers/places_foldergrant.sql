-- Later in the order of names than whoever above must see whose name it is.
CREATE TRIGGER places_grant_binds BEFORE INSERT ON places_foldergrant
    FOR EACH ROW WHEN (NEW.holder LIKE 'mac:%') EXECUTE FUNCTION places_grant_binds();
