-- What a return code opens. An unknown code and a wrong one are the same empty answer.
CREATE OR REPLACE FUNCTION api.talk_by_code(p_lookup bytea)
    RETURNS TABLE (tip_id uuid, district_id bigint, wrapped bytea, shred bytea,
        shred_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.tip_id, c.district_id, c.wrapped, s.wrapped, s.file_version
    FROM tips_returncode c JOIN vault_shredkey s ON s.subject = c.tip_id
    WHERE c.lookup_id = p_lookup
$$;

GRANT EXECUTE ON FUNCTION api.talk_by_code TO upstander_public;
