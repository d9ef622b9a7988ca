-- A plan is seen by its team, by the district's leads and by the center that would call it; it is
-- changed by the team's leads and by administrators. Everybody keeps their own rules and link.

-- Teams whose plan the session's person sees.
CREATE FUNCTION api.oncall_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM places_team t
    WHERE t.id IN (SELECT m.team_id FROM places_membership m
                   WHERE m.person_id = api.scope_person())
       OR t.district_id = ANY (api.lead_districts())
       OR t.district_id = ANY (api.center_districts())
       OR api.scope_is_admin()
$$;

-- Teams whose plan the session's person sets up.
CREATE FUNCTION api.oncall_kept() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM places_team t
    WHERE t.id = ANY (api.scope_led_teams()) OR api.scope_is_admin()
$$;

-- Districts and centers whose calendar and hours the session's person keeps.
CREATE FUNCTION api.oncall_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(d.id), '{}') FROM places_district d
    WHERE api.scope_is_admin() OR d.id = ANY (api.lead_districts())
$$;
CREATE FUNCTION api.oncall_centers() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(c.id), '{}') FROM places_center c
    WHERE api.scope_is_admin() OR c.id IN (
        SELECT t.center_id FROM places_team t
        WHERE t.kind = 'center' AND t.id = ANY (api.scope_led_teams()))
$$;

-- Everything that decides who of these teams is on call within a time, as one read with the rights
-- of whoever asks. Times of a day are the team's own; `rota.py` turns them into instants.
CREATE FUNCTION api.oncall_plans(p_teams bigint[], p_from timestamptz, p_to timestamptz)
    RETURNS jsonb
    LANGUAGE sql STABLE SECURITY INVOKER SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'team', t.id,
        'name', t.name,
        'schedule', s.id,
        'zone', coalesce(s.time_zone, l.time_zone, d.time_zone, c.time_zone, 'UTC'),
        'region', coalesce(k.region, 'US'),
        'members', coalesce((
            SELECT jsonb_agg(jsonb_build_array(m.person_id, m.role IN ('center_supervisor',
                'team_lead', 'district_lead', 'administrator')) ORDER BY m.person_id)
            FROM places_membership m JOIN places_person p ON p.id = m.person_id
            WHERE m.team_id = t.id AND p.is_active), '[]'::jsonb),
        'days_off', coalesce((
            SELECT jsonb_agg(jsonb_build_array(o.first, o.last, o.in_session) ORDER BY o.id)
            FROM oncall_dayoff o WHERE o.calendar_id = k.id
              AND o.last >= (p_from - interval '3 days')::date
              AND o.first <= (p_to + interval '3 days')::date), '[]'::jsonb),
        'layers', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', y.id, 'duty', y.duty, 'name', y.name,
                'turn', y.turn, 'every', y.every, 'hand_over', y.hand_over,
                'starts_on', y.starts_on, 'ends_on', y.ends_on, 'at_once', y.at_once,
                'days', y.days, 'weekdays', to_jsonb(y.weekdays), 'from', y.from_time,
                'to', y.to_time,
                'members', coalesce((SELECT jsonb_agg(n.person_id ORDER BY n.place, n.id)
                    FROM oncall_layermember n WHERE n.layer_id = y.id), '[]'::jsonb),
                'shifts', coalesce((SELECT jsonb_agg(jsonb_build_array(
                    h.person_id, h.starts_at, h.ends_at) ORDER BY h.starts_at, h.id)
                    FROM oncall_datedshift h
                    WHERE h.layer_id = y.id AND h.ends_at > p_from AND h.starts_at < p_to),
                    '[]'::jsonb)) ORDER BY y.rank, y.id)
            FROM oncall_layer y WHERE y.schedule_id = s.id), '[]'::jsonb),
        'overrides', coalesce((
            SELECT jsonb_agg(jsonb_build_array(v.duty, v.on_person_id, v.off_person_id,
                v.starts_at, v.ends_at) ORDER BY v.made_at, v.id)
            FROM oncall_override v
            WHERE v.schedule_id = s.id AND v.ends_at > p_from AND v.starts_at < p_to),
            '[]'::jsonb)) ORDER BY t.id), '[]'::jsonb)
    FROM places_team t
    LEFT JOIN oncall_schedule s ON s.team_id = t.id
    LEFT JOIN places_school l ON l.id = t.school_id
    LEFT JOIN places_district d ON d.id = t.district_id
    LEFT JOIN places_center c ON c.id = t.center_id
    LEFT JOIN oncall_calendar k ON k.district_id = t.district_id OR k.center_id = t.center_id
    WHERE t.id = ANY (p_teams)
$$;

-- A person's own plans by their secret calendar link: its hash is all that is asked and kept.
CREATE FUNCTION api.oncall_feed(p_hash bytea, p_from timestamptz, p_to timestamptz)
    RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('person', f.person_id, 'plans', api.oncall_plans(
        ARRAY(SELECT m.team_id FROM places_membership m WHERE m.person_id = f.person_id),
        p_from, p_to))
    FROM oncall_feed f JOIN places_person p ON p.id = f.person_id AND p.is_active
    WHERE f.token_hash = p_hash
$$;

DO $$
DECLARE
    r text;
    t text;
    own text;
BEGIN
    FOREACH t IN ARRAY ARRAY['schedule', 'layer', 'layermember', 'datedshift', 'swap', 'override',
            'calendar', 'dayoff', 'quiethours', 'ownrule', 'floor', 'feed', 'gapnotice'] LOOP
        EXECUTE format('ALTER TABLE oncall_%s ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY worker ON oncall_%s FOR SELECT TO upstander_worker
            USING (true)', t);
        IF t <> 'feed' THEN
            EXECUTE format('GRANT SELECT ON oncall_%s TO upstander_worker', t);
        END IF;
    END LOOP;

    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district',
                             'upstander_admin'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.oncall_teams(), api.oncall_kept(),
            api.oncall_districts(), api.oncall_centers(), api.scope_led_teams(),
            api.scope_is_admin(), api.oncall_plans(bigint[], timestamptz, timestamptz) TO %I', r);

        -- Schedules, and what hangs on them.
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON oncall_schedule, oncall_layer,
            oncall_layermember, oncall_datedshift TO %I', r);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON oncall_override TO %I', r);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE (state, answered_at) ON oncall_swap
            TO %I', r);
        EXECUTE format('CREATE POLICY seen_%s ON oncall_schedule FOR SELECT TO %I
            USING (team_id = ANY ((SELECT api.oncall_teams())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY kept_%s ON oncall_schedule TO %I
            USING (team_id = ANY ((SELECT api.oncall_kept())::bigint[]))
            WITH CHECK (team_id = ANY ((SELECT api.oncall_kept())::bigint[]))', r, r);
        FOREACH t IN ARRAY ARRAY['layer', 'override', 'swap'] LOOP
            EXECUTE format('CREATE POLICY seen_%s ON oncall_%s FOR SELECT TO %I
                USING (EXISTS (SELECT 1 FROM oncall_schedule s WHERE s.id = schedule_id))',
                r, t, r);
        END LOOP;
        FOREACH t IN ARRAY ARRAY['layer', 'override'] LOOP
            own := CASE t WHEN 'override'
                THEN ' AND made_by = (SELECT api.scope_person())' ELSE '' END;
            EXECUTE format('CREATE POLICY kept_%s ON oncall_%s TO %I
                USING (EXISTS (SELECT 1 FROM oncall_schedule s WHERE s.id = schedule_id
                    AND s.team_id = ANY ((SELECT api.oncall_kept())::bigint[])))
                WITH CHECK (EXISTS (SELECT 1 FROM oncall_schedule s WHERE s.id = schedule_id
                    AND s.team_id = ANY ((SELECT api.oncall_kept())::bigint[])) %s)',
                r, t, r, own);
        END LOOP;
        FOREACH t IN ARRAY ARRAY['layermember', 'datedshift'] LOOP
            EXECUTE format('CREATE POLICY seen_%s ON oncall_%s FOR SELECT TO %I
                USING (EXISTS (SELECT 1 FROM oncall_layer y WHERE y.id = layer_id))', r, t, r);
            EXECUTE format('CREATE POLICY kept_%s ON oncall_%s TO %I
                USING (EXISTS (SELECT 1 FROM oncall_layer y JOIN oncall_schedule s
                    ON s.id = y.schedule_id WHERE y.id = layer_id
                    AND s.team_id = ANY ((SELECT api.oncall_kept())::bigint[])))
                WITH CHECK (EXISTS (SELECT 1 FROM oncall_layer y JOIN oncall_schedule s
                    ON s.id = y.schedule_id WHERE y.id = layer_id
                    AND s.team_id = ANY ((SELECT api.oncall_kept())::bigint[])))', r, t, r);
        END LOOP;

        -- A swap is asked for by oneself, among those of the team, and answered by its two people.
        EXECUTE format('CREATE POLICY asked_%s ON oncall_swap FOR INSERT TO %I
            WITH CHECK (asker_id = (SELECT api.scope_person()) AND state = ''asked''
                AND EXISTS (SELECT 1 FROM oncall_schedule s
                    JOIN places_membership a ON a.team_id = s.team_id AND a.person_id = asker_id
                    JOIN places_membership b ON b.team_id = s.team_id AND b.person_id = taker_id
                    WHERE s.id = schedule_id))', r, r);
        EXECUTE format('CREATE POLICY answered_%s ON oncall_swap FOR UPDATE TO %I
            USING (state = ''asked'' AND (SELECT api.scope_person()) IN (asker_id, taker_id))
            WITH CHECK (CASE state
                WHEN ''withdrawn'' THEN asker_id = (SELECT api.scope_person())
                WHEN ''asked'' THEN false
                ELSE taker_id = (SELECT api.scope_person()) END)', r, r);
        -- … and fulfilled by whoever said yes, for exactly the times that were asked for.
        EXECUTE format('CREATE POLICY swapped_%s ON oncall_override FOR INSERT TO %I
            WITH CHECK (made_by = (SELECT api.scope_person())
                AND EXISTS (SELECT 1 FROM oncall_swap w WHERE w.id = swap_id
                    AND w.state = ''accepted'' AND w.taker_id = (SELECT api.scope_person())
                    AND w.schedule_id = oncall_override.schedule_id
                    AND w.duty = oncall_override.duty
                    AND (on_person_id, off_person_id, starts_at, ends_at) IN (
                        (w.taker_id, w.asker_id, w.gives_from, w.gives_to),
                        (w.asker_id, w.taker_id, w.takes_from, w.takes_to))))', r, r);

        -- Calendars and hours of a place: everybody of it reads them.
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON oncall_calendar, oncall_dayoff,
            oncall_quiethours, oncall_floor TO %I', r);
        EXECUTE format('CREATE POLICY seen_%s ON oncall_calendar FOR SELECT TO %I
            USING (district_id = ANY ((SELECT api.scope_districts())::bigint[])
                OR center_id IN (SELECT center_id FROM places_district))', r, r);
        EXECUTE format('CREATE POLICY kept_%s ON oncall_calendar TO %I
            USING (district_id = ANY ((SELECT api.oncall_districts())::bigint[])
                OR center_id = ANY ((SELECT api.oncall_centers())::bigint[]))
            WITH CHECK (district_id = ANY ((SELECT api.oncall_districts())::bigint[])
                OR center_id = ANY ((SELECT api.oncall_centers())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON oncall_dayoff FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM oncall_calendar k WHERE k.id = calendar_id))', r, r);
        EXECUTE format('CREATE POLICY kept_%s ON oncall_dayoff TO %I
            USING (EXISTS (SELECT 1 FROM oncall_calendar k WHERE k.id = calendar_id
                AND (k.district_id = ANY ((SELECT api.oncall_districts())::bigint[])
                    OR k.center_id = ANY ((SELECT api.oncall_centers())::bigint[]))))
            WITH CHECK (EXISTS (SELECT 1 FROM oncall_calendar k WHERE k.id = calendar_id
                AND (k.district_id = ANY ((SELECT api.oncall_districts())::bigint[])
                    OR k.center_id = ANY ((SELECT api.oncall_centers())::bigint[]))))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON oncall_quiethours FOR SELECT TO %I
            USING (district_id = ANY ((SELECT api.scope_districts())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY kept_%s ON oncall_quiethours TO %I
            USING (district_id = ANY ((SELECT api.oncall_districts())::bigint[]))
            WITH CHECK (district_id = ANY ((SELECT api.oncall_districts())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON oncall_floor FOR SELECT TO %I
            USING (center_id IN (SELECT center_id FROM places_district)
                OR center_id = ANY ((SELECT api.oncall_centers())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY kept_%s ON oncall_floor TO %I
            USING (center_id = ANY ((SELECT api.oncall_centers())::bigint[]))
            WITH CHECK (center_id = ANY ((SELECT api.oncall_centers())::bigint[]))', r, r);

        -- One's own rules, which colleagues may read (who is called how is no secret among those
        -- who call each other), and one's own link.
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON oncall_ownrule, oncall_feed
            TO %I', r);
        EXECUTE format('CREATE POLICY seen_%s ON oncall_ownrule FOR SELECT TO %I
            USING (person_id = ANY ((SELECT api.scope_people())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON oncall_ownrule TO %I
            USING (person_id = (SELECT api.scope_person()))
            WITH CHECK (person_id = (SELECT api.scope_person()))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON oncall_feed TO %I
            USING (person_id = (SELECT api.scope_person()))
            WITH CHECK (person_id = (SELECT api.scope_person()))', r, r);
    END LOOP;
END $$;

-- The worker looks for gaps and says when it looks next.
GRANT UPDATE (check_at) ON oncall_schedule TO upstander_worker;
CREATE POLICY worker_looks ON oncall_schedule FOR UPDATE TO upstander_worker
    USING (true) WITH CHECK (true);
GRANT INSERT ON oncall_gapnotice TO upstander_worker;
CREATE POLICY worker_tells ON oncall_gapnotice FOR INSERT TO upstander_worker WITH CHECK (true);

REVOKE ALL ON FUNCTION api.oncall_teams(), api.oncall_kept(), api.oncall_districts(),
    api.oncall_centers(), api.oncall_plans(bigint[], timestamptz, timestamptz),
    api.oncall_feed(bytea, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.oncall_plans(bigint[], timestamptz, timestamptz)
    TO upstander_worker;
GRANT EXECUTE ON FUNCTION api.oncall_feed(bytea, timestamptz, timestamptz) TO upstander_staff;
