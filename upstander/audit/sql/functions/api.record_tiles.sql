CREATE OR REPLACE FUNCTION api.record_tiles(p_entry bigint, p_levels smallint[], p_numbers bigint[])
    RETURNS TABLE (level smallint, number bigint, hashes bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.level, t.number, t.hashes FROM unnest(p_levels, p_numbers) AS w (level, number)
    JOIN audit_tile t ON t.level = w.level AND t.number = w.number
    WHERE audit_may_prove(p_entry)
$$;

GRANT EXECUTE ON FUNCTION api.record_tiles
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_school;
