CREATE OR REPLACE FUNCTION api.record_place(p_entry bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.number * 256 + array_position(t.entries, p_entry) - 1 FROM audit_tile t
    WHERE audit_may_prove(p_entry) AND t.level = 0
      AND int8range(t.first, t.last, '[]') @> p_entry AND p_entry = ANY (t.entries)
$$;

GRANT EXECUTE ON FUNCTION api.record_place
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_school;
