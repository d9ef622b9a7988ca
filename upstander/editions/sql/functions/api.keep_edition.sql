-- Keep what is published of a half-year; the first to publish it does so for their whole audience,
-- and whoever comes later gets that. Refused: a half-year that hasn't been over for thirty days or
-- is too long ago, what hasn't the shape of tables, any count under ten. That the numbers are true
-- no database can tell: the seal over them is made with a key that lies in a file, so that what a
-- session was made to keep some other way is never shown.
CREATE OR REPLACE FUNCTION api.keep_edition(p_district bigint, p_school bigint, p_subject text,
    p_half text, p_tables jsonb, p_measures jsonb, p_seal bytea)
    RETURNS TABLE (tables jsonb, measures jsonb, published_at timestamptz, seal bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    reads text := editions_edition_audience(p_district => p_district, p_school => p_school);
    own bytea := ''::bytea;
BEGIN
    IF reads IS NULL THEN
        RAISE EXCEPTION 'nothing of this district is published here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Refused where it is none that is published.
    PERFORM editions_half_span(p_district => p_district, p_half => p_half);
    IF p_subject !~ '^[a-z]+\.[a-z]+$' OR octet_length(p_seal) <> 32
       OR jsonb_typeof(p_measures) <> 'array'
           OR NOT editions_edition_fits(p_tables => p_tables) THEN
        RAISE EXCEPTION 'not the shape of what is published, or a number under ten'
            USING ERRCODE = 'check_violation';
    END IF;
    IF editions_edition_excluded(p_district => p_district, p_subject => p_subject, p_half => p_half,
                             p_audience => reads) THEN
        own := editions_edition_code(p_district => p_district, p_subject => p_subject,
            p_half => p_half, p_audience => reads);
    END IF;
    INSERT INTO editions_publishededition (district_id, subject, half, audience, person_mac,
        excluded,
                                         tables, measures, seal, published_at)
    VALUES (p_district, p_subject, p_half, reads, own,
            ARRAY(SELECT DISTINCT uuid_send(b.bound_to) || b.person_mac FROM matters_exclusion b
                  WHERE b.district_id = p_district), p_tables, p_measures, p_seal, api.clock_now())
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT e.tables, e.measures, e.published_at, e.seal
        FROM api.edition(p_district => p_district, p_school => p_school, p_subject => p_subject,
                         p_half => p_half) e;
END $$;

GRANT EXECUTE ON FUNCTION api.keep_edition TO upstander_center, upstander_district,
    upstander_school;
