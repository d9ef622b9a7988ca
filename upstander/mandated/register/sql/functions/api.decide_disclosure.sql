-- The second person's word on an answer that leaves out an entry that was found: once, by somebody
-- else than its writer, who opens it too. What it decides on stays as it was written.
CREATE OR REPLACE FUNCTION api.decide_disclosure(p_id uuid, p_disclosure uuid, p_agrees boolean,
    p_sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO register_decision (id, disclosure_id, district_id, person_id, agrees, at, sealed)
        SELECT p_id, d.id, d.district_id, api.scope_person(), p_agrees,
            date_trunc('second', api.clock_now()), p_sealed
        FROM register_disclosure d WHERE d.id = p_disclosure AND d.left_out > 0
          AND d.person_id <> api.scope_person() AND api.holds_folder(d.folder_id)
          AND d.district_id = ANY (api.register_districts())
          AND (NOT p_agrees OR audit_opened(p_kind => 'register', p_subject => d.folder_id,
              p_person => api.scope_person(), p_since => d.at));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a second person decides this' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.decide_disclosure TO upstander_district, upstander_school;
