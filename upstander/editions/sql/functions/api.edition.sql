-- What is published of a half-year to the session's person; nothing: not yet, or nothing to them.
CREATE OR REPLACE FUNCTION api.edition(p_district bigint, p_school bigint, p_subject text,
    p_half text)
    RETURNS TABLE (tables jsonb, measures jsonb, published_at timestamptz, seal bytea)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    reads text := editions_edition_reader(p_district => p_district, p_school => p_school);
    -- Who publishes nothing has no edition made without what they are excluded from.
    publishes boolean := editions_edition_audience(p_district => p_district, p_school => p_school)
        IS NOT NULL;
BEGIN
    IF reads IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT e.tables, e.measures, e.published_at, e.seal FROM editions_publishededition e
    WHERE e.district_id = p_district AND e.subject = p_subject AND e.half = p_half
      AND e.audience = reads
      AND (e.person_mac = editions_edition_code(p_district => p_district,
               p_subject => p_subject, p_half => p_half, p_audience => reads)
           OR (e.person_mac = ''::bytea AND NOT (publishes AND editions_edition_excluded(
               p_district => p_district, p_subject => p_subject, p_half => p_half,
               p_audience => reads))))
    -- One's own before the others'.
    ORDER BY e.person_mac DESC LIMIT 1;
END $$;

GRANT EXECUTE ON FUNCTION api.edition TO upstander_center, upstander_district, upstander_school;
