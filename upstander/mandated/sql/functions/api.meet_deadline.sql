-- What tells families something is met together with what was said of each home (``p_homes``,
-- sealed): a parent may be the danger.
CREATE OR REPLACE FUNCTION api.meet_deadline(p_deadline uuid, p_event uuid, p_happened timestamptz,
    p_sealed bytea, p_homes_event uuid, p_homes bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    l mandated_deadline%ROWTYPE;
    next_number integer;
BEGIN
    SELECT * INTO l FROM mandated_deadline WHERE id = p_deadline FOR UPDATE;
    IF NOT FOUND OR NOT mandated_is(l.duty_id, l.owner) THEN
        RAISE EXCEPTION 'no such deadline' USING ERRCODE = 'no_data_found';
    END IF;
    IF l.met_at IS NOT NULL OR p_happened IS NULL OR p_happened > at OR p_happened < l.since THEN
        RAISE EXCEPTION 'this can''t be written down so' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM mandated_duty WHERE id = l.duty_id FOR UPDATE;
    SELECT max(number) + 1 INTO next_number FROM mandated_dutyevent WHERE duty_id = l.duty_id;
    IF p_homes IS NOT NULL THEN
        INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id,
            happened_at, at, sealed) VALUES (p_homes_event, l.duty_id, l.district_id, next_number,
            'homes', api.scope_person(), p_happened, at, p_homes);
        next_number := next_number + 1;
    END IF;
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed) VALUES (p_event, l.duty_id, l.district_id, next_number, 'met',
        api.scope_person(), p_happened, at, p_sealed);
    UPDATE mandated_deadline SET met_at = p_happened, met_recorded_at = at,
        met_by = api.scope_person(), remind_at = NULL WHERE id = p_deadline;
END $$;

GRANT EXECUTE ON FUNCTION api.meet_deadline
    TO upstander_center, upstander_district, upstander_former, upstander_school;
