-- Whoever makes a link for somebody else is kept out of its tip, by the code that their session
-- proves and by no other.
CREATE OR REPLACE FUNCTION tips_link_binds() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.kept_out := CASE WHEN NOT NEW.own THEN
        matters_bound(p_mac => api.scope_mac(), p_to => NEW.matter_id) END;
    RETURN NEW;
END $$;
