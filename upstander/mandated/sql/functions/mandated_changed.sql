CREATE OR REPLACE FUNCTION mandated_changed(p_district bigint, p_month date) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mandated_monthchange (district_id, month, changes) VALUES (p_district, p_month, 1)
    ON CONFLICT (district_id, month) DO UPDATE SET changes = mandated_monthchange.changes + 1
$$;
