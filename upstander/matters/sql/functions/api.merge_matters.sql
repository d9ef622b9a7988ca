-- By a counselor, for tips of a district that their center serves.
CREATE OR REPLACE FUNCTION api.merge_matters(p_gone uuid, p_kept uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM matters_matter m WHERE m.id IN (p_gone, p_kept)
        AND m.district_id = ANY (api.center_districts())
        AND NOT (m.id = ANY (api.excluded_matters()))) <> 2 THEN
        RAISE EXCEPTION 'these matters are not yours to link'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN matters_merge(p_gone, p_kept);
END $$;

GRANT EXECUTE ON FUNCTION api.merge_matters TO upstander_center;
