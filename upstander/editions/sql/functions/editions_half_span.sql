-- First and last moment of a half-year by its district's clock. Refused: what is none, what hasn't
-- been over for thirty days, and what is longer ago than the pages offer.
CREATE OR REPLACE FUNCTION editions_half_span(p_district bigint, p_half text)
    RETURNS TABLE (starts timestamptz, ends timestamptz)
    LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    zone text := (SELECT d.time_zone FROM places_district d WHERE d.id = p_district);
    today timestamp := api.clock_now() AT TIME ZONE zone;
    first_day timestamp;
    over timestamp;
BEGIN
    IF p_half !~ '^[0-9]{4}-[12]$' THEN
        RAISE EXCEPTION 'a half-year is written 2026-1' USING ERRCODE = 'check_violation';
    END IF;
    first_day := make_date(left(p_half, 4)::integer, CASE right(p_half, 1) WHEN '1' THEN 1 ELSE 7
        END, 1);
    over := first_day + interval '6 months';
    IF today < over + interval '30 days' THEN
        RAISE EXCEPTION 'a half-year is published thirty days after its end'
            USING ERRCODE = 'check_violation';
    END IF;
    IF today >= over + interval '4 years 30 days' THEN
        RAISE EXCEPTION 'only the last eight half-years are published'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN QUERY SELECT first_day AT TIME ZONE zone, over AT TIME ZONE zone;
END $$;
