ALTER TABLE accountability_journey ENABLE ROW LEVEL SECURITY;
ALTER TABLE accountability_gathered ENABLE ROW LEVEL SECURITY;
INSERT INTO accountability_gathered (id, changed_at, tip_id)
    VALUES (1, '1970-01-01Z', '00000000-0000-0000-0000-000000000000');

-- Each sees the times of the tips that they may see. Whoever is barred from a matter finds nothing
-- of it in any figure: the bars that hold now are asked, not those when the figure was made.
CREATE POLICY center ON accountability_journey FOR SELECT TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));
CREATE POLICY school ON accountability_journey FOR SELECT TO upstander_school
    USING (tip_id IN (SELECT y.tip_id FROM tips_recipient y
                      WHERE y.holder = ANY ((SELECT api.scope_holders())::text[]))
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));
CREATE POLICY district ON accountability_journey FOR SELECT TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[])
           AND tip_id IN (SELECT y.tip_id FROM tips_recipient y)
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));
GRANT SELECT ON accountability_journey TO upstander_center;
-- A school and a district may not learn when a tip came in (a firewall's log beside it names the
-- child). They know to the second when it was handed to them: a time "from the tip to the hand-off"
-- would give the rest away. So they read only what counts from the hand-off on.
GRANT SELECT (tip_id, district_id, school_id, priority, closed, handed_off_at, handed_hour,
    handed_weekday, paged_after, acknowledged_after, ended_after)
    ON accountability_journey TO upstander_school, upstander_district;

-- What came before the hand-off, for a school or district: only of the last three whole months, only
-- if there were ten tips or more, as whole minutes and steps of five in a hundred.
CREATE FUNCTION api.times_before_handoff(p_school bigint)
    RETURNS TABLE (measure text, tips bigint, median_minutes integer, within_percent integer)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    until timestamptz := date_trunc('month', api.clock_now(), 'UTC');
    holders text[] := api.scope_holders();
    led bigint[] := api.lead_districts();
    barred uuid[] := api.barred_tips();
BEGIN
    RETURN QUERY
    WITH mine AS (
        SELECT j.* FROM accountability_journey j
        WHERE j.received_at >= until - interval '3 months' AND j.received_at < until
          AND (p_school IS NULL OR j.school_id = p_school)
          AND NOT (j.tip_id = ANY (barred))
          AND EXISTS (SELECT 1 FROM tips_recipient y WHERE y.tip_id = j.tip_id
                      AND (y.holder = ANY (holders) OR j.district_id = ANY (led)))),
    said AS (
        SELECT 'claimed' AS measure, claimed AS seconds, 60 AS target FROM mine
        UNION ALL
        SELECT 'handed_off', handed_off, 180 FROM mine WHERE priority = 'life_safety')
    SELECT s.measure, count(s.seconds),
        CASE WHEN count(s.seconds) >= 10 THEN
            ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.seconds) / 60)::integer END,
        CASE WHEN count(s.seconds) >= 10 THEN
            (round(20.0 * count(*) FILTER (WHERE s.seconds <= s.target) / count(s.seconds)) * 5)::integer
            END
    FROM said s GROUP BY s.measure;
END $$;
REVOKE ALL ON FUNCTION api.times_before_handoff(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.times_before_handoff(bigint) TO upstander_school, upstander_district;

-- Seconds as they are kept: whole, and above a thousand by three figures.
CREATE FUNCTION accountability_seconds(p_from timestamptz, p_to timestamptz) RETURNS integer
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN s < 1000 THEN greatest(s, 0)
                ELSE round(s::numeric, 2 - floor(log(s::numeric))::integer)::integer END
    FROM (SELECT round(extract(epoch FROM p_to - p_from))::integer AS s) x
$$;

-- Brings the times up to date: of tips that changed, and of those whose pages may have been sent or
-- answered since. Returns how many rows it wrote. Run by the worker, which may read no tip.
CREATE FUNCTION api.gather_journeys(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mark accountability_gathered;
    -- A change commits later than its time says: what is younger than this is looked at again.
    settled timestamptz := api.clock_now() - interval '60 seconds';
    changed uuid[];
    wrote integer;
BEGIN
    SELECT * INTO mark FROM accountability_gathered WHERE id = 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    WITH batch AS (
        SELECT t.id, t.changed_at FROM tips_tip t
        WHERE t.changed_at >= mark.changed_at AND (t.changed_at, t.id) > (mark.changed_at, mark.tip_id)
        ORDER BY t.changed_at, t.id LIMIT p_limit),
    moved AS (
        UPDATE accountability_gathered g SET changed_at = b.changed_at, tip_id = b.id
        FROM (SELECT * FROM batch WHERE changed_at <= settled
              ORDER BY changed_at DESC, id DESC LIMIT 1) b WHERE g.id = 1)
    SELECT array_agg(id) INTO changed FROM batch;
    changed := coalesce(changed, '{}') || coalesce((SELECT array_agg(w.tip_id) FROM (
        SELECT j.tip_id FROM accountability_journey j WHERE j.waiting LIMIT p_limit) w), '{}');
    INSERT INTO accountability_journey AS j
    SELECT t.id, t.district_id, t.school_id, t.priority, t.state = 'closed', t.received_at,
        extract(hour FROM t.received_at AT TIME ZONE z.zone),
        extract(isodow FROM t.received_at AT TIME ZONE z.zone) - 1,
        accountability_seconds(t.received_at, s.claimed),
        accountability_seconds(t.received_at, s.assessed),
        accountability_seconds(t.received_at, s.handed),
        accountability_seconds(t.received_at, p.paged),
        accountability_seconds(t.received_at, p.acknowledged),
        accountability_seconds(t.received_at, s.ended),
        s.handed,
        extract(hour FROM s.handed AT TIME ZONE z.zone),
        extract(isodow FROM s.handed AT TIME ZONE z.zone) - 1,
        accountability_seconds(s.handed, p.paged),
        accountability_seconds(s.handed, p.acknowledged),
        accountability_seconds(s.handed, s.ended),
        s.handed IS NOT NULL AND t.state <> 'closed'
            AND (p.paged IS NULL OR p.acknowledged IS NULL)
    FROM tips_tip t
    JOIN places_district d ON d.id = t.district_id
    LEFT JOIN places_school c ON c.id = t.school_id
    CROSS JOIN LATERAL (SELECT coalesce(c.time_zone, d.time_zone) AS zone) z
    CROSS JOIN LATERAL (SELECT
        least((SELECT min(e.at) FROM audit_entry e WHERE e.subject_kind = 'tip'
               AND e.subject_id = t.id::text AND e.action = 'tip claimed'), t.claimed_at) AS claimed,
        (SELECT min(a.at) FROM triage_assessment a WHERE a.tip_id = t.id) AS assessed,
        (SELECT min(h.at) FROM triage_handoff h WHERE h.tip_id = t.id) AS handed,
        CASE WHEN t.state = 'closed' THEN
            (SELECT min(x.at) FROM cases_closing x WHERE x.tip_id = t.id) END AS ended) s
    -- The school's alerts: those that a hand-off opened.
    CROSS JOIN LATERAL (SELECT
        min((SELECT min(g.sent_at) FROM escalations_page g WHERE g.alert_id = a.id)) AS paged,
        min(least((SELECT min(k.at) FROM escalations_acknowledgement k
                   WHERE k.alert_id = a.id AND k.answer = 'have_it'), a.acknowledged_at))
            AS acknowledged
        FROM escalations_alert a
        WHERE a.subject_id = t.id AND a.opened_at >= s.handed
          AND NOT EXISTS (SELECT 1 FROM places_team m WHERE m.kind = 'center'
                          AND 'team:' || m.id = ANY (a.holders))) p
    WHERE t.id = ANY (changed) AND NOT t.junk
      AND t.district_id IS DISTINCT FROM (SELECT api.probe_part('district'))
    ON CONFLICT (tip_id) DO UPDATE SET district_id = excluded.district_id,
        school_id = excluded.school_id, priority = excluded.priority, closed = excluded.closed,
        received_at = excluded.received_at, hour = excluded.hour, weekday = excluded.weekday,
        claimed = excluded.claimed, assessed = excluded.assessed,
        handed_off = excluded.handed_off, paged = excluded.paged,
        acknowledged = excluded.acknowledged, ended = excluded.ended,
        handed_off_at = excluded.handed_off_at, handed_hour = excluded.handed_hour,
        handed_weekday = excluded.handed_weekday, paged_after = excluded.paged_after,
        acknowledged_after = excluded.acknowledged_after, ended_after = excluded.ended_after,
        waiting = excluded.waiting
        WHERE (j.*) IS DISTINCT FROM (excluded.*);
    GET DIAGNOSTICS wrote = ROW_COUNT;
    -- Junk was never asked about: a flood would make any figure good.
    DELETE FROM accountability_journey j USING tips_tip t
        WHERE t.id = j.tip_id AND t.id = ANY (changed) AND t.junk;
    RETURN wrote;
END $$;
REVOKE ALL ON FUNCTION api.gather_journeys(integer),
    accountability_seconds(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.gather_journeys(integer) TO upstander_worker;
