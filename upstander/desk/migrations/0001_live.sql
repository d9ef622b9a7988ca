-- Which of these sessions still stand, and how far each reaches. Asking marks none as used: a page
-- that merely stays open must not keep its person signed in. ``barred``: there is a matter that
-- this person must not see, so what others see is never shown to them unasked.
CREATE FUNCTION api.live_sessions(p_hashes bytea[])
    RETURNS TABLE (token_hash bytea, districts bigint[], teams bigint[], barred boolean,
                   seconds_left integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.token_hash,
        coalesce((SELECT array_agg(DISTINCT d.id ORDER BY d.id) FROM places_membership m
            JOIN places_team t ON t.id = m.team_id AND t.kind = s.kind
            JOIN places_district d ON d.id = t.district_id OR d.center_id = t.center_id
            WHERE m.person_id = s.person_id), '{}'),
        coalesce((SELECT array_agg(m.team_id ORDER BY m.team_id) FROM places_membership m
            WHERE m.person_id = s.person_id), '{}'),
        EXISTS (SELECT 1 FROM places_matterbar b WHERE b.person_mac = s.person_mac),
        floor(extract(epoch FROM least(s.used_at + interval '15 minutes',
            s.started_at + interval '12 hours') - api.clock_now()))::integer
    FROM places_staffsession s JOIN places_person p ON p.id = s.person_id AND p.is_active
    WHERE s.token_hash = ANY (p_hashes) AND s.complete
      AND s.used_at > api.clock_now() - interval '15 minutes'
      AND s.started_at > api.clock_now() - interval '12 hours'
      AND EXISTS (SELECT 1 FROM mfa_authenticator a
                  WHERE a.user_id = s.person_id AND a.type IN ('totp', 'webauthn'))
$$;
CREATE INDEX matterbar_person ON places_matterbar (person_mac);

-- In which district changed tips lie, so that the stream knows for whom to look, through each
-- viewer's own role. ``version`` differs after each change: a poll sends nothing twice.
CREATE FUNCTION api.live_tips(p_tips uuid[], p_since timestamptz)
    RETURNS TABLE (tip uuid, district_id bigint, version text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.district_id, t.xmin::text FROM tips_tip t WHERE t.id = ANY (p_tips)
    UNION
    SELECT t.id, t.district_id, t.xmin::text FROM tips_tip t WHERE t.changed_at >= p_since
$$;

-- Which of the centers' staff were at work within a quarter of an hour. Answers supervisors only.
CREATE FUNCTION api.center_presence() RETURNS TABLE (person_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.person_id FROM places_staffsession s
    JOIN places_person p ON p.id = s.person_id AND p.is_active
    JOIN places_membership m ON m.person_id = s.person_id
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'center'
    WHERE s.complete AND s.used_at > api.clock_now() - interval '15 minutes'
      AND s.started_at > api.clock_now() - interval '12 hours'
      AND t.center_id IN (SELECT st.center_id FROM places_membership sm
            JOIN places_team st ON st.id = sm.team_id AND st.kind = 'center'
            WHERE sm.person_id = api.scope_person() AND sm.role = 'center_supervisor')
$$;

REVOKE ALL ON FUNCTION api.live_sessions, api.live_tips, api.center_presence FROM PUBLIC;
-- The stream asks before it takes on a viewer's role; no viewer's role may ask these two.
GRANT EXECUTE ON FUNCTION api.live_sessions, api.live_tips TO upstander_staff;
GRANT EXECUTE ON FUNCTION api.center_presence TO upstander_center;

-- An answer to an alert, a step that was taken and a page that went out show on the queue at once.
-- A trigger, because these writes belong to a layer that knows no tips and to the worker.
CREATE FUNCTION desk_alert_poke() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'escalations_alert' THEN
        PERFORM pg_notify('tips', NEW.subject_id::text);
    ELSE
        PERFORM pg_notify('tips', a.subject_id::text) FROM escalations_alert a
            WHERE a.id = NEW.alert_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER desk_poke AFTER UPDATE OF state, priority, next_step_due_at ON escalations_alert
    FOR EACH ROW EXECUTE FUNCTION desk_alert_poke();
CREATE TRIGGER desk_poke AFTER UPDATE OF due_at ON escalations_step
    FOR EACH ROW EXECUTE FUNCTION desk_alert_poke();
CREATE TRIGGER desk_poke AFTER UPDATE OF state ON escalations_page
    FOR EACH ROW WHEN (NEW.state IN ('sent', 'failed')) EXECUTE FUNCTION desk_alert_poke();
CREATE TRIGGER desk_poke AFTER INSERT ON escalations_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION desk_alert_poke();
