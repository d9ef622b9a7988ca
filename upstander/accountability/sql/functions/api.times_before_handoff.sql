-- What came before the hand-off, for a district or one of its schools (0: the district): of a
-- half-year that is published, of tips that had reached the reader thirty days after it. Only if
-- there were ten tips or more, as whole minutes and steps of five in a hundred. A school's are
-- those that its teams hold: what was given to single persons is not all its leads' to know of.
CREATE OR REPLACE FUNCTION api.times_before_handoff(p_district bigint, p_school bigint,
    p_half text)
    RETURNS TABLE (measure text, median_minutes integer, within_percent integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    starts timestamptz;
    ends timestamptz;
    holders text[];
    excluded uuid[] := api.excluded_tips();
BEGIN
    IF editions_edition_audience(p_district => p_district, p_school => p_school) IS NULL THEN
        RETURN;
    END IF;
    SELECT h.starts, h.ends INTO starts, ends
        FROM editions_half_span(p_district => p_district, p_half => p_half) h;
    IF p_school <> 0 THEN
        holders := ARRAY(SELECT 'team:' || t.id FROM people_team t
            WHERE t.kind = 'school' AND t.school_id = p_school);
    END IF;
    RETURN QUERY
    WITH mine AS (
        SELECT j.* FROM accountability_journey j
        WHERE j.district_id = p_district AND j.received_at >= starts AND j.received_at < ends
          AND NOT (j.tip_id = ANY (excluded))
          AND EXISTS (SELECT 1 FROM tips_recipient y WHERE y.tip_id = j.tip_id
                      AND y.since < ends + interval '30 days'
                      AND (holders IS NULL OR y.holder = ANY (holders)))),
    every AS (
        SELECT 'claimed' AS measure, claimed AS seconds, 60 AS target FROM mine
        UNION ALL
        SELECT 'handed_off', handed_off, 180 FROM mine WHERE priority = 'life_safety')
    SELECT s.measure,
        ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.seconds) / 60)::integer,
        (round(20.0 * count(*) FILTER (WHERE s.seconds <= s.target)
               / count(s.seconds)) * 5)::integer
    FROM every s GROUP BY s.measure HAVING count(s.seconds) >= 10;
END $$;

GRANT EXECUTE ON FUNCTION api.times_before_handoff TO upstander_district, upstander_school;
