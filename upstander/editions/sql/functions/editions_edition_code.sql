-- What stands for the session's person in an edition of their own, bound to that edition.
CREATE OR REPLACE FUNCTION editions_edition_code(p_district bigint, p_subject text, p_half text,
    p_audience text) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(api.scope_mac() || convert_to(concat_ws('|', p_district, p_subject, p_half,
        p_audience), 'UTF8'))
$$;
