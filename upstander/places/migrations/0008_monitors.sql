-- An outside monitor (a Child Advocate, somebody whom a court or a board named) sees a district's
-- figures and proofs and nothing else, until a day that stands from the beginning. Their role of the
-- database has policies of its own; in every other role their session reaches nobody.

-- Districts that the session's person watches today.
CREATE FUNCTION api.monitor_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.district_id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'monitor'
    WHERE m.person_id = api.scope_person() AND m.until > api.clock_now()
$$;

-- As before, but for monitors: watching a district gives no view of the district.
CREATE OR REPLACE FUNCTION api.scope_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT d.id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind NOT IN ('police', 'monitor')
    JOIN places_district d ON d.id = t.district_id OR d.center_id = t.center_id
        OR t.kind = 'administration'
    WHERE m.person_id = api.scope_person()
$$;

CREATE OR REPLACE FUNCTION places_leading_roles() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['center_supervisor', 'team_lead', 'district_lead', 'administrator', 'officer',
                 'head_of_school', 'compliance_lead', 'staff_lead', 'monitor']
$$;

CREATE OR REPLACE FUNCTION places_membership_fits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    team places_team%ROWTYPE;
BEGIN
    SELECT * INTO team FROM places_team WHERE id = NEW.team_id;
    IF NOT (CASE team.kind
            WHEN 'center' THEN NEW.role IN ('counselor', 'center_supervisor')
            WHEN 'school' THEN NEW.role IN ('team_member', 'team_lead')
            WHEN 'district' THEN NEW.role = 'district_lead'
            WHEN 'administration' THEN NEW.role = 'administrator'
            WHEN 'police' THEN NEW.role = 'officer'
            WHEN 'monitor' THEN NEW.role = 'monitor'
            WHEN 'staff' THEN NEW.role IN ('staff_member', 'staff_lead')
            WHEN 'office' THEN CASE WHEN team.school_id IS NULL
                THEN NEW.role IN ('compliance_lead', 'superintendent', 'board_chair')
                ELSE NEW.role IN ('head_of_school', 'designee') END
            ELSE false END) THEN
        RAISE EXCEPTION 'a team of this kind has no such role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- A monitor's view always has an end, a year away at most; nobody else's has one.
CREATE FUNCTION places_monitor_ends() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    latest timestamptz := date_trunc('second', api.clock_now()) + interval '1 year';
BEGIN
    NEW.until := CASE WHEN NEW.role = 'monitor' THEN least(coalesce(NEW.until, latest), latest) END;
    RETURN NEW;
END $$;
CREATE TRIGGER places_monitor_ends BEFORE INSERT OR UPDATE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION places_monitor_ends();

-- As before; and a monitor, too, is nothing else.
CREATE OR REPLACE FUNCTION places_officer_is_nothing_else() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM places_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
               JOIN places_team n ON n.id = NEW.team_id
               WHERE m.person_id = NEW.person_id AND m.team_id <> NEW.team_id
                 AND ((t.kind = 'police') <> (n.kind = 'police')
                      OR (t.kind = 'monitor') <> (n.kind = 'monitor'))) THEN
        RAISE EXCEPTION 'an officer or a monitor is of no other kind of team'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- An administrator moves the end of a monitor's view: nearer, now, or on for up to a year.
CREATE FUNCTION api.end_monitor(p_team bigint, p_person bigint, p_until timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT api.scope_is_admin() OR p_until IS NULL THEN
        RAISE EXCEPTION 'an administrator sets this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE places_membership SET until = p_until
        WHERE team_id = p_team AND person_id = p_person AND role = 'monitor';
    RETURN FOUND;
END $$;

-- As before; a membership that has ended gives nothing any more.
CREATE OR REPLACE FUNCTION api.staff_session(token text)
    RETURNS TABLE (person_id bigint, person_mac bytea, kind text, sealed_seed bytea,
                   complete boolean, second_factor boolean, roles jsonb, started_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found_hash bytea := sha256(convert_to(token, 'UTF8'));
BEGIN
    UPDATE places_staffsession s SET used_at = api.clock_now()
    WHERE s.token_hash = found_hash AND s.used_at < api.clock_now() - interval '30 seconds'
      AND s.used_at > api.clock_now() - interval '15 minutes'
      AND s.started_at > api.clock_now() - interval '12 hours';
    RETURN QUERY
    SELECT s.person_id, s.person_mac, s.kind::text, s.sealed_seed, s.complete,
        EXISTS (SELECT 1 FROM mfa_authenticator a
                WHERE a.user_id = s.person_id AND a.type IN ('totp', 'webauthn')),
        coalesce((SELECT jsonb_agg(jsonb_build_object('team', t.id, 'kind', t.kind,
            'role', m.role, 'center', t.center_id, 'district', t.district_id,
            'school', t.school_id, 'name', t.name) ORDER BY t.id)
            FROM places_membership m JOIN places_team t ON t.id = m.team_id
            WHERE m.person_id = s.person_id
              AND (m.until IS NULL OR m.until > api.clock_now())), '[]'::jsonb), s.started_at
    FROM places_staffsession s JOIN places_person p ON p.id = s.person_id AND p.is_active
    WHERE s.token_hash = found_hash
      AND s.used_at > api.clock_now() - interval '15 minutes'
      AND s.started_at > api.clock_now() - interval '12 hours';
END $$;

-- What a monitor sees of places: their team, themselves, the district and its schools by name. Of the
-- center the table may be named in a join, and shows nothing.
GRANT SELECT ON places_person, places_center, places_district, places_school, places_team,
    places_membership, vault_holderkey, vault_sealedkey, vault_personkey TO upstander_monitor;
GRANT INSERT ON audit_entry TO upstander_monitor;
GRANT SELECT ON audit_checkpoint TO upstander_monitor;
CREATE POLICY monitor ON places_membership FOR SELECT TO upstander_monitor
    USING (person_id = (SELECT api.scope_person()) AND until > api.clock_now());
CREATE POLICY monitor ON places_team FOR SELECT TO upstander_monitor
    USING (id IN (SELECT team_id FROM places_membership));
CREATE POLICY monitor ON places_person FOR SELECT TO upstander_monitor
    USING (id = (SELECT api.scope_person()));
CREATE POLICY monitor ON places_district FOR SELECT TO upstander_monitor
    USING (id = ANY ((SELECT api.monitor_districts())::bigint[]));
CREATE POLICY monitor ON places_school FOR SELECT TO upstander_monitor
    USING (district_id = ANY ((SELECT api.monitor_districts())::bigint[]));
CREATE POLICY monitor ON vault_holderkey FOR SELECT TO upstander_monitor
    USING ((SELECT api.scope_person()) IS NOT NULL);
CREATE POLICY monitor ON vault_sealedkey FOR SELECT TO upstander_monitor
    USING (member = 'person:' || (SELECT api.scope_person()));
CREATE POLICY monitor ON vault_personkey FOR SELECT TO upstander_monitor
    USING (person_id = (SELECT api.scope_person()));
CREATE POLICY monitor ON audit_entry FOR INSERT TO upstander_monitor
    WITH CHECK (actor_kind = 'staff' AND actor_id = (SELECT api.scope_person()));
-- The night's checkpoints: what there was by which minute would tell when a child wrote.
CREATE POLICY monitor ON audit_checkpoint FOR SELECT TO upstander_monitor
    USING (day IS NOT NULL AND cardinality((SELECT api.monitor_districts())::bigint[]) > 0);

REVOKE ALL ON FUNCTION api.monitor_districts(), api.end_monitor(bigint, bigint, timestamptz),
    places_monitor_ends() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.end_monitor(bigint, bigint, timestamptz) TO upstander_admin;
GRANT USAGE ON SCHEMA api TO upstander_monitor;
GRANT EXECUTE ON FUNCTION api.clock_now(), api.scope_person(), api.scope_mac(), api.scope_holders(),
    api.barred_matters(), api.monitor_districts() TO upstander_monitor;
