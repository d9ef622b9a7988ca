-- What day it is in a district.
CREATE OR REPLACE FUNCTION training_today(p_district bigint) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (api.clock_now() AT TIME ZONE time_zone)::date FROM places_district
    WHERE id = p_district
$$;
