-- Whether the session's person must wait on a case before they question anybody: on its matter, on
-- its tips', or on those of a case that it is linked with. A link must be no way around the report.
CREATE OR REPLACE FUNCTION api.case_on_hold(p_case uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.holds_folder(p_case) AND EXISTS (
        SELECT 1 FROM cases_joined(p_case) AS j (id), LATERAL cases_matters(j.id) AS m (id)
        WHERE api.matter_on_hold(m.id))
$$;

GRANT EXECUTE ON FUNCTION api.case_on_hold TO upstander_district, upstander_school;
