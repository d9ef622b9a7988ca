-- Seconds as they are kept: whole, and above a thousand by three figures.
CREATE OR REPLACE FUNCTION accountability_seconds(p_from timestamptz,
    p_to timestamptz) RETURNS integer
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN s < 1000 THEN greatest(s, 0)
                ELSE round(s::numeric, 2 - floor(log(s::numeric))::integer)::integer END
    FROM (SELECT round(extract(epoch FROM p_to - p_from))::integer AS s) x
$$;

GRANT EXECUTE ON FUNCTION accountability_seconds
    TO upstander_center, upstander_district, upstander_school;
