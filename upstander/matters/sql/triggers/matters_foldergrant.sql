-- Later in the order of names than whoever above must see whose name it is.
CREATE TRIGGER matters_grant_binds BEFORE INSERT ON matters_foldergrant
    FOR EACH ROW WHEN (NEW.holder LIKE 'mac:%') EXECUTE FUNCTION matters_grant_binds();
