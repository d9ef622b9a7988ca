-- Keeps what somebody asked themselves whether to report, in a folder that they alone hold.
CREATE OR REPLACE FUNCTION api.keep_consult(p_folder uuid, p_sealed bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mandated_consult (id, person_id, district_id, asked_at, sealed)
    SELECT f.id, f.opened_by, f.district_id, date_trunc('second', api.clock_now()), p_sealed
    FROM matters_folder f
    WHERE f.id = p_folder AND f.kind = 'consult' AND f.opened_by = api.scope_person()
$$;

GRANT EXECUTE ON FUNCTION api.keep_consult TO upstander_center, upstander_district,
    upstander_school;
