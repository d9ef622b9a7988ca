-- What an office knows first: that somebody was suspended, that an investigation has ended. Of an
-- agency's investigation the school's office can't say that.
CREATE OR REPLACE FUNCTION api.office_event(p_duty uuid, p_event uuid, p_kind text,
    p_happened timestamptz,
    p_sealed bytea) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    d mandated_duty%ROWTYPE;
    next_number integer;
BEGIN
    SELECT * INTO d FROM mandated_duty WHERE id = p_duty FOR UPDATE;
    IF NOT FOUND OR NOT (mandated_is(p_duty, 'agency')
       OR p_kind = 'inquiry' AND d.school_inquiry AND mandated_is(p_duty, 'head_of_school')) THEN
        RAISE EXCEPTION 'no such duty' USING ERRCODE = 'no_data_found';
    END IF;
    IF p_kind NOT IN ('suspended', 'inquiry') OR p_happened IS NULL OR p_happened > at THEN
        RAISE EXCEPTION 'this can''t be written down so' USING ERRCODE = 'check_violation';
    END IF;
    SELECT max(number) + 1 INTO next_number FROM mandated_dutyevent WHERE duty_id = p_duty;
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed) VALUES (p_event, p_duty, d.district_id, next_number, p_kind,
        api.scope_person(), p_happened, at, p_sealed);
    RETURN next_number;
END $$;

GRANT EXECUTE ON FUNCTION api.office_event
    TO upstander_center, upstander_district, upstander_school;
