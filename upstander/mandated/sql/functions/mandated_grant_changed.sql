-- Granted to one more, taken back, or kept from somebody: the figures of that month change at once.
CREATE OR REPLACE FUNCTION mandated_grant_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_changed(d.district_id, d.month) FROM mandated_duty d
        WHERE d.folder_id = NEW.folder_id AND d.written_at IS NOT NULL;
    RETURN NULL;
END $$;
