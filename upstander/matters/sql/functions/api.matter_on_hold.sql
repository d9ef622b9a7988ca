-- Whether the session's person must wait on a matter: a yes or no, and no word of whose duty it is.
-- Report first, ask later: whichever of the linked matters the duty was begun in.
CREATE OR REPLACE FUNCTION api.matter_on_hold(p_matter uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_person() IS NOT NULL AND NOT (p_matter = ANY (api.excluded_matters()))
       AND EXISTS (SELECT 1 FROM matters_matterhold h
                   WHERE h.matter_id IN (SELECT matters_same_matter(p_matter))
                     AND h.lifted_at IS NULL AND NOT (api.scope_person() = ANY (h.passed_by)))
$$;

GRANT EXECUTE ON FUNCTION api.matter_on_hold
    TO upstander_center, upstander_district, upstander_school;
