-- An exclusion that comes later, from whose duty it is or from the compliance lead, with its event.
-- The matter's other duties, its tips and its case are kept from them by the same exclusion.
CREATE OR REPLACE FUNCTION api.keep_out_of_duty(p_duty uuid, p_event uuid, p_macs bytea[],
    p_sealed bytea) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d mandated_duty%ROWTYPE;
    next_number integer;
BEGIN
    SELECT * INTO d FROM mandated_duty WHERE id = p_duty FOR UPDATE;
    IF NOT FOUND OR NOT mandated_may_exclude(p_duty) THEN
        RAISE EXCEPTION 'no such duty' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM api.lock_matter(p_matter => d.matter_id);
    PERFORM api.exclude_from_folder(d.folder_id, p_macs);
    SELECT max(number) + 1 INTO next_number FROM mandated_dutyevent WHERE duty_id = p_duty;
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, at, sealed)
        VALUES (p_event, p_duty, d.district_id, next_number, 'kept_out', api.scope_person(),
        date_trunc('second', api.clock_now()), p_sealed);
    RETURN next_number;
END $$;

GRANT EXECUTE ON FUNCTION api.keep_out_of_duty
    TO upstander_center, upstander_district, upstander_school;
