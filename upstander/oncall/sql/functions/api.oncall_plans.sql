-- Everything that decides who of these teams is on call within a time, as one read with the rights
-- of whoever asks. Times of a day are the team's own; `rota.py` turns them into instants.
CREATE OR REPLACE FUNCTION api.oncall_plans(p_teams bigint[], p_from timestamptz, p_to timestamptz)
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
            FROM people_membership m JOIN people_person p ON p.id = m.person_id
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
        'rests', coalesce((
            SELECT jsonb_agg(jsonb_build_array(r.person_id, r.since, r.until) ORDER BY r.id)
            FROM oncall_rest r JOIN people_membership m ON m.person_id = r.person_id
            WHERE m.team_id = t.id AND r.until > p_from AND r.since < p_to), '[]'::jsonb),
        'overrides', coalesce((
            SELECT jsonb_agg(jsonb_build_array(v.duty, v.on_person_id, v.off_person_id,
                v.starts_at, v.ends_at) ORDER BY v.made_at, v.id)
            FROM oncall_override v
            WHERE v.schedule_id = s.id AND v.ends_at > p_from AND v.starts_at < p_to),
            '[]'::jsonb)) ORDER BY t.id), '[]'::jsonb)
    FROM people_team t
    LEFT JOIN oncall_schedule s ON s.team_id = t.id
    LEFT JOIN places_school l ON l.id = t.school_id
    LEFT JOIN places_district d ON d.id = t.district_id
    LEFT JOIN places_center c ON c.id = t.center_id
    LEFT JOIN oncall_calendar k ON k.district_id = t.district_id OR k.center_id = t.center_id
    WHERE t.id = ANY (p_teams)
$$;

GRANT EXECUTE ON FUNCTION api.oncall_plans
    TO upstander_admin, upstander_center, upstander_district, upstander_school, upstander_worker;
