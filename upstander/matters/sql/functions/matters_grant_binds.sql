-- A grant comes with a person's code and keeps none of it.
CREATE OR REPLACE FUNCTION matters_grant_binds() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.holder := matters_name(p_holder => NEW.holder, p_to => NEW.folder_id);
    RETURN NEW;
END $$;
