-- What came before the hand-off, for a school or district: only of the latest half-year that has
-- been over for thirty days, of tips that had reached the reader by then, so that no two spans
-- overlap and a month's tips are not what two of them differ by (places/editions has the same
-- half-years); only if there were ten tips or more, as whole minutes and steps of five in a
-- hundred. Of one
-- school only where each of the reader's schools has ten or none: else the others' few would be
-- what all together leaves.
CREATE OR REPLACE FUNCTION api.times_before_handoff(p_school bigint)
    RETURNS TABLE (measure text, tips bigint, median_minutes integer, within_percent integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    settled timestamp := (api.clock_now() - interval '30 days') AT TIME ZONE 'UTC';
    until timestamptz := make_timestamptz(extract(year FROM settled)::integer,
        CASE WHEN extract(month FROM settled) > 6 THEN 7 ELSE 1 END, 1, 0, 0, 0, 'UTC');
    holders text[] := api.scope_holders();
    led bigint[] := api.lead_districts();
    barred uuid[] := api.barred_tips();
BEGIN
    RETURN QUERY
    WITH mine AS (
        SELECT j.* FROM accountability_journey j
        WHERE j.received_at >= until - interval '6 months' AND j.received_at < until
          AND NOT (j.tip_id = ANY (barred))
          AND EXISTS (SELECT 1 FROM tips_recipient y WHERE y.tip_id = j.tip_id
                      AND y.since < until + interval '30 days'
                      AND (y.holder = ANY (holders) OR j.district_id = ANY (led)))),
    every AS (
        SELECT school_id, 'claimed' AS measure, claimed AS seconds, 60 AS target FROM mine
        UNION ALL
        SELECT school_id, 'handed_off', handed_off, 180 FROM mine WHERE priority = 'life_safety'),
    few AS (
        SELECT DISTINCT f.measure FROM (SELECT e.measure, count(e.seconds) AS tips FROM every e
            GROUP BY e.measure, e.school_id) f
        WHERE f.tips BETWEEN 1 AND 9),
    said AS (
        SELECT e.*, p_school IS NOT NULL AND e.measure IN (SELECT f.measure FROM few f) AS hides
        FROM every e WHERE p_school IS NULL OR e.school_id = p_school)
    SELECT s.measure, count(s.seconds),
        CASE WHEN count(s.seconds) >= 10 AND NOT bool_or(s.hides) THEN
            ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.seconds) / 60)::integer END,
        CASE WHEN count(s.seconds) >= 10 AND NOT bool_or(s.hides) THEN
            (round(20.0 * count(*) FILTER (WHERE s.seconds <= s.target)
                   / count(s.seconds)) * 5)::integer
            END
    FROM said s GROUP BY s.measure;
END $$;

GRANT EXECUTE ON FUNCTION api.times_before_handoff TO upstander_district, upstander_school;
