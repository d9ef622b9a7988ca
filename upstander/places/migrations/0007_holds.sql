ALTER TABLE places_matterhold ENABLE ROW LEVEL SECURITY;
-- Whether the session's person must wait on a matter: a yes or no, and no word of whose duty it is.
CREATE FUNCTION api.matter_on_hold(p_matter uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_person() IS NOT NULL AND NOT (p_matter = ANY (api.barred_matters()))
       AND EXISTS (SELECT 1 FROM places_matterhold h WHERE h.matter_id = p_matter
                   AND h.lifted_at IS NULL AND NOT (api.scope_person() = ANY (h.passed_by)))
$$;
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.matter_on_hold(uuid) TO %I', r);
    END LOOP;
END $$;
