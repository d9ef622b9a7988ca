-- An answer to somebody who hires. What was found and is left out waits for a second person
-- (api.decide_disclosure); nothing that was left out is told.
CREATE OR REPLACE FUNCTION api.keep_disclosure(p_id uuid, p_folder uuid, p_asked date,
    p_answer text,
    p_left_out smallint, p_sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO register_disclosure (id, folder_id, district_id, person_id, at, asked_on, answer,
        left_out, sealed)
        SELECT p_id, f.id, f.district_id, f.opened_by, date_trunc('second', api.clock_now()),
            p_asked,
            p_answer, p_left_out, p_sealed
        FROM matters_folder f WHERE f.id = p_folder AND f.kind = 'register'
          AND f.opened_by = api.scope_person() AND f.district_id = ANY (api.register_districts());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no answer can be kept here' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.keep_disclosure TO upstander_district, upstander_school;
