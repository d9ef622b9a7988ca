-- What told an unread tip's row from others goes with the first look at its words, and where it is
-- nobody's at the center any more.
CREATE OR REPLACE FUNCTION tips_read() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM tips_unread WHERE tip_id = NEW.id;
    RETURN NULL;
END $$;
