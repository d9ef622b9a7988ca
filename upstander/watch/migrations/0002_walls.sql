-- Teams that the session's person leads: they may test these, and no others.
CREATE FUNCTION api.led_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(m.team_id), '{}') FROM places_membership m
    WHERE m.person_id = api.scope_person()
      AND m.role IN ('team_lead', 'center_supervisor', 'district_lead', 'administrator')
$$;
REVOKE ALL ON FUNCTION api.led_teams() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.led_teams() TO upstander_center, upstander_school,
    upstander_district, upstander_admin;

DO $$
DECLARE
    r text;
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['watch_beat', 'watch_trouble', 'watch_probeplace', 'watch_probe',
        'watch_drillrule', 'watch_drill', 'watch_drillcall', 'watch_drillanswer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY worker ON %I TO upstander_worker USING (true)
            WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO upstander_worker', t);
    END LOOP;
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district',
                             'upstander_admin'] LOOP
        -- How the system does is no secret from its staff: it holds nothing of any tip.
        FOREACH t IN ARRAY ARRAY['watch_beat', 'watch_trouble', 'watch_probe'] LOOP
            EXECUTE format('CREATE POLICY staff_%s ON %I FOR SELECT TO %I
                USING ((SELECT api.scope_person()) IS NOT NULL)', r, t, r);
            EXECUTE format('GRANT SELECT ON %I TO %I', t, r);
        END LOOP;
        -- Drills: of one's own teams; a district's lead and a center also of those they answer for.
        FOREACH t IN ARRAY ARRAY['watch_drill', 'watch_drillrule'] LOOP
            EXECUTE format('CREATE POLICY own_%s ON %I FOR SELECT TO %I USING (
                ''team:'' || team_id = ANY ((SELECT api.scope_holders())::text[])
                OR team_id IN (SELECT x.id FROM places_team x WHERE x.district_id = ANY (
                    ((SELECT api.lead_districts()) || (SELECT api.center_districts()))::bigint[])))',
                r, t, r);
            EXECUTE format('CREATE POLICY leads_%s ON %I FOR INSERT TO %I WITH CHECK (
                team_id = ANY ((SELECT api.led_teams())::bigint[]))', r, t, r);
            EXECUTE format('CREATE POLICY changes_%s ON %I FOR UPDATE TO %I USING (
                team_id = ANY ((SELECT api.led_teams())::bigint[]))', r, t, r);
            EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', t, r);
        END LOOP;
        EXECUTE format('CREATE POLICY own_name_%s ON watch_drill AS RESTRICTIVE FOR INSERT TO %I
            WITH CHECK (begun_by = (SELECT api.scope_person()) AND state = ''begun'')', r, r);
        EXECUTE format('GRANT UPDATE (ends_at) ON watch_drill TO %I', r);
        EXECUTE format('GRANT UPDATE (every_days) ON watch_drillrule TO %I', r);
        FOREACH t IN ARRAY ARRAY['watch_drillcall', 'watch_drillanswer'] LOOP
            EXECUTE format('CREATE POLICY of_drill_%s ON %I FOR SELECT TO %I
                USING (EXISTS (SELECT 1 FROM watch_drill d WHERE d.id = drill_id))', r, t, r);
            EXECUTE format('GRANT SELECT ON %I TO %I', t, r);
        END LOOP;
        EXECUTE format('GRANT INSERT ON watch_drillanswer TO %I', r);
        EXECUTE format('CREATE POLICY answers_%s ON watch_drillanswer FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person()) AND EXISTS (
                SELECT 1 FROM watch_drill d WHERE d.id = drill_id AND d.state <> ''ended''
                  AND ''team:'' || d.team_id = ANY ((SELECT api.scope_holders())::text[])))', r, r);
    END LOOP;
END $$;
GRANT INSERT, UPDATE, DELETE ON watch_beat, watch_trouble, watch_probe TO upstander_worker;
GRANT INSERT ON watch_drillcall, watch_drillanswer TO upstander_worker;
GRANT UPDATE ON watch_drill, watch_drillcall TO upstander_worker;

-- What every desk page says at its top when something is wrong. It does not depend on the watch:
-- a lane that has fallen silent shows here also when the watch itself is the one. Any staff
-- connection may ask: the answer is about machines.
CREATE FUNCTION api.watch_troubles() RETURNS TABLE (kind text, about text, since timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT 'lane', b.lane, max(b.at) FROM watch_beat b GROUP BY b.lane
        HAVING max(b.at) < api.clock_now() - interval '30 seconds'
    UNION ALL
    SELECT t.kind, t.about, t.since FROM watch_trouble t
        WHERE t.ended_at IS NULL AND t.kind <> 'lane'
    ORDER BY 3
$$;

-- Where synthetic tips go. The public site must take them in and offer the place to nobody; every
-- figure, list and rule about real places leaves it out by this.
CREATE FUNCTION api.probe_part(p_part text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE p_part WHEN 'center' THEN center_id WHEN 'district' THEN district_id
                       WHEN 'team' THEN team_id WHEN 'person' THEN person_id END
    FROM watch_probeplace
$$;
-- Whether a synthetic tip lies where its center's queue would show it: the worker reads no tip.
CREATE FUNCTION api.probe_on_queue(p_tip uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM tips_tip t JOIN watch_probeplace p ON p.district_id = t.district_id
        WHERE t.id = p_tip AND t.center_id = p.center_id AND t.state = 'new' AND t.rank = 0
          AND t.waiting_since IS NOT NULL AND NOT t.junk)
$$;
REVOKE ALL ON FUNCTION api.watch_troubles(), api.probe_part(text), api.probe_on_queue(uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.watch_troubles() TO upstander_staff, upstander_center,
    upstander_school, upstander_district, upstander_admin;
GRANT EXECUTE ON FUNCTION api.probe_part(text) TO upstander_public, upstander_worker,
    upstander_admin;
GRANT EXECUTE ON FUNCTION api.probe_on_queue(uuid) TO upstander_worker;

-- Nobody keeps the place of synthetic tips: whoever joined its team would be paged by them.
DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['center', 'district', 'team', 'person'] LOOP
        EXECUTE format('CREATE POLICY no_probe ON places_%s AS RESTRICTIVE TO upstander_admin
            USING (id IS DISTINCT FROM (SELECT api.probe_part(%L)))', part, part);
    END LOOP;
END $$;
CREATE POLICY no_probe ON places_membership AS RESTRICTIVE TO upstander_admin
    USING (team_id IS DISTINCT FROM (SELECT api.probe_part('team')));
