-- Somebody of a team lets in who joined it later: to this matter with all that are one with it. Not
-- oneself, and not who sees nothing of it either.
CREATE OR REPLACE FUNCTION api.let_newcomer_in(p_matter uuid, p_person bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF api.scope_person() = p_person OR p_matter = ANY (api.excluded_matters()) THEN
        RAISE EXCEPTION 'not yours to let in' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE matters_newcomer n SET let_in_at = api.clock_now(), let_in_by = api.scope_person()
    WHERE n.person_id = p_person AND n.let_in_at IS NULL
      AND n.matter_id IN (SELECT matters_same_matter(p_matter))
      AND 'team:' || n.team_id = ANY ((SELECT api.scope_holders())::text[]);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not yours to let in' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.let_newcomer_in TO upstander_district, upstander_school;
