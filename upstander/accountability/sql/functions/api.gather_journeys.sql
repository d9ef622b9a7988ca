-- Brings the times up to date: of tips that changed, and of those whose pages may have been sent or
-- answered since. Returns how many rows it wrote. Run by the worker, which may read no tip.
CREATE OR REPLACE FUNCTION api.gather_journeys(p_limit integer) RETURNS integer
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
        WHERE t.changed_at >= mark.changed_at AND (t.changed_at, t.id) > (mark.changed_at,
            mark.tip_id)
        ORDER BY t.changed_at, t.id LIMIT p_limit),
    moved AS (
        UPDATE accountability_gathered g SET changed_at = b.changed_at, tip_id = b.id
        FROM (SELECT * FROM batch WHERE changed_at <= settled
              ORDER BY changed_at DESC, id DESC LIMIT 1) b WHERE g.id = 1)
    SELECT array_agg(id) INTO changed FROM batch;
    changed := coalesce(changed, '{}') || coalesce((SELECT array_agg(w.tip_id) FROM (
        SELECT j.tip_id FROM accountability_journey j WHERE j.waiting LIMIT p_limit) w), '{}');
    INSERT INTO accountability_journey AS j (tip_id, district_id, school_id, priority, closed,
        received_at, hour, weekday, claimed, assessed, handed_off, paged, acknowledged, ended,
        handed_off_at, handed_hour, handed_weekday, paged_after, acknowledged_after, ended_after,
        waiting, to_talk, channel, language)
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
            AND (p.paged IS NULL OR p.acknowledged IS NULL),
        t.to_talk, t.channel, t.language
    FROM tips_tip t
    JOIN places_district d ON d.id = t.district_id
    LEFT JOIN places_school c ON c.id = t.school_id
    CROSS JOIN LATERAL (SELECT coalesce(c.time_zone, d.time_zone) AS zone) z
    CROSS JOIN LATERAL (SELECT
        least((SELECT min(e.at) FROM audit_entry e WHERE e.subject_kind = 'tip'
               AND e.subject_id = t.id::text AND e.action = 'tip claimed'),
                   t.claimed_at) AS claimed,
        (SELECT min(a.at) FROM triage_assessment a WHERE a.tip_id = t.id) AS assessed,
        (SELECT min(h.at) FROM triage_handoff h WHERE h.tip_id = t.id) AS handed,
        CASE WHEN t.state = 'closed' THEN
            (SELECT min(x.at) FROM decisions_closing x WHERE x.tip_id = t.id) END AS ended) s
    -- The school's alerts: those that a hand-off opened.
    CROSS JOIN LATERAL (SELECT
        min((SELECT min(g.sent_at) FROM escalations_page g WHERE g.alert_id = a.id)) AS paged,
        min(least((SELECT min(k.at) FROM escalations_acknowledgement k
                   WHERE k.alert_id = a.id AND k.answer = 'have_it'), a.acknowledged_at))
            AS acknowledged
        FROM escalations_alert a
        WHERE a.subject_id = t.id AND a.opened_at >= s.handed
          AND NOT EXISTS (SELECT 1 FROM people_team m WHERE m.kind = 'center'
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
        waiting = excluded.waiting, to_talk = excluded.to_talk,
        channel = excluded.channel, language = excluded.language
        WHERE (j.*) IS DISTINCT FROM (excluded.*);
    GET DIAGNOSTICS wrote = ROW_COUNT;
    -- Junk was never asked about: a flood would make any figure good.
    DELETE FROM accountability_journey j USING tips_tip t
        WHERE t.id = j.tip_id AND t.id = ANY (changed) AND t.junk;
    RETURN wrote;
END $$;

GRANT EXECUTE ON FUNCTION api.gather_journeys TO upstander_worker;
