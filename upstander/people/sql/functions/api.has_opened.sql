-- Whether the session's person has had a subject's words before them since then.
CREATE OR REPLACE FUNCTION api.has_opened(p_kind text, p_subject uuid, p_since timestamptz)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT audit_opened(p_kind => p_kind, p_subject => p_subject,
        p_person => api.scope_person(), p_since => p_since)
$$;

GRANT EXECUTE ON FUNCTION api.has_opened TO upstander_center, upstander_district, upstander_school;
