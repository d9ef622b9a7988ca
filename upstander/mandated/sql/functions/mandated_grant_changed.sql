-- Granted to one more, taken back, or kept from somebody: the figures of that month change at once;
-- and if nobody of the offices is left who sees it, the outside monitors are told.
CREATE OR REPLACE FUNCTION mandated_grant_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    folder uuid := coalesce(NEW.folder_id, OLD.folder_id);
BEGIN
    PERFORM mandated_changed(d.district_id, d.month) FROM mandated_duty d
        WHERE d.folder_id = folder AND d.written_at IS NOT NULL;
    IF TG_OP = 'DELETE' THEN
        PERFORM mandated_unseen(p_duty => d.id) FROM mandated_duty d WHERE d.folder_id = folder;
    END IF;
    RETURN NULL;
END $$;
