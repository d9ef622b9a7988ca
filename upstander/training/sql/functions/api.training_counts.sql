-- How many a monitor's districts employ by school, and how many are late; nobody's name or id.
CREATE OR REPLACE FUNCTION api.training_counts()
    RETURNS TABLE (school bigint, employees bigint, late bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.school, count(*), count(*) FILTER (WHERE s.late)
    FROM (SELECT DISTINCT district_id AS district, school_id AS school FROM training_employee
        WHERE district_id = ANY (api.monitor_districts())) p,
        training_standing(p_district => p.district, p_school => p.school) s
    GROUP BY p.school
$$;

GRANT EXECUTE ON FUNCTION api.training_counts TO upstander_monitor;
