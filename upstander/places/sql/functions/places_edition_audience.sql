-- As whom the session's person reads what is published of a district; NULL: as nobody.
CREATE OR REPLACE FUNCTION places_edition_audience(p_district bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN NOT EXISTS (SELECT 1 FROM places_membership m WHERE m.person_id = api.scope_person()
            AND m.role::text = ANY ('{center_supervisor,district_lead}')) THEN NULL
        WHEN p_district = ANY (api.center_districts()) THEN 'center'
        WHEN p_district = ANY (api.lead_districts()) THEN 'district'
    END
$$;
