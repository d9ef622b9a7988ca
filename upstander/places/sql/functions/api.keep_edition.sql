-- Keep what is published of a half-year; the first to publish it does so for their whole audience,
-- and whoever comes later gets that. Refused: a half-year that hasn't been over for thirty days,
-- any number under ten.
CREATE OR REPLACE FUNCTION api.keep_edition(p_district bigint, p_subject text, p_half text,
    p_tables jsonb)
    RETURNS TABLE (tables jsonb, published_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    reads text := places_edition_audience(p_district);
    zone text := (SELECT d.time_zone FROM places_district d WHERE d.id = p_district);
    over date;
    own bytea := ''::bytea;
BEGIN
    IF reads IS NULL THEN
        RAISE EXCEPTION 'nothing of this district is published here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_half !~ '^[0-9]{4}-[12]$' THEN
        RAISE EXCEPTION 'a half-year is written 2026-1' USING ERRCODE = 'check_violation';
    END IF;
    over := make_date(left(p_half, 4)::integer, 1, 1)
        + CASE right(p_half, 1) WHEN '1' THEN interval '6 months' ELSE interval '1 year' END;
    IF api.clock_now() < (over + 30)::timestamp AT TIME ZONE zone THEN
        RAISE EXCEPTION 'a half-year is published thirty days after its end'
            USING ERRCODE = 'check_violation';
    END IF;
    IF jsonb_path_exists(p_tables, '$.** ? (@.type() == "number" && @ < 10)') THEN
        RAISE EXCEPTION 'no number under ten is published' USING ERRCODE = 'check_violation';
    END IF;
    IF places_edition_barred(p_district => p_district, p_subject => p_subject, p_half => p_half,
                             p_audience => reads) THEN
        own := api.scope_mac();
    END IF;
    INSERT INTO places_publishededition (district_id, subject, half, audience, person_mac, barred,
                                         tables, published_at)
    VALUES (p_district, p_subject, p_half, reads, own,
            ARRAY(SELECT DISTINCT b.person_mac FROM places_matterbar b
                  WHERE b.district_id = p_district), p_tables, api.clock_now())
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT e.tables, e.published_at
        FROM api.edition(p_district => p_district, p_subject => p_subject, p_half => p_half) e;
END $$;

GRANT EXECUTE ON FUNCTION api.keep_edition TO upstander_center, upstander_district;
