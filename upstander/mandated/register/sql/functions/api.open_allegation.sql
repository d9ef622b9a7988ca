-- Opening, with its reason; whoever opens must be able to.
CREATE OR REPLACE FUNCTION api.open_allegation(p_entry uuid, p_event uuid, p_reason text,
    p_sealed bytea)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM register_entry WHERE id = p_entry FOR UPDATE;
    IF NOT register_opens(p_entry) OR p_reason = '' THEN
        RAISE EXCEPTION 'no such allegation' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM register_note(p_entry => p_entry, p_event => p_event, p_kind => 'opened',
        p_reason => p_reason, p_sealed => p_sealed);
END $$;

GRANT EXECUTE ON FUNCTION api.open_allegation TO upstander_district, upstander_school;
