-- Row-level security believes no setting that a query could change: the scope is looked up from
-- the session's unguessable token, by functions that run with the owner's rights.

CREATE FUNCTION api.scope_person() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.person_id FROM places_staffsession s JOIN places_person p ON p.id = s.person_id
    WHERE s.token_hash = sha256(convert_to(nullif(current_setting('upstander.token', true), ''), 'UTF8'))
      AND s.complete AND p.is_active
      AND s.used_at > api.clock_now() - interval '15 minutes'
      AND s.started_at > api.clock_now() - interval '12 hours'
$$;

CREATE FUNCTION api.scope_mac() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.person_mac FROM places_staffsession s
    WHERE s.token_hash = sha256(convert_to(nullif(current_setting('upstander.token', true), ''), 'UTF8'))
      AND s.person_id = api.scope_person()
$$;

-- Districts that the session's person serves from a center.
CREATE FUNCTION api.center_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(d.id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'center'
    JOIN places_district d ON d.center_id = t.center_id
    WHERE m.person_id = api.scope_person()
$$;

-- Districts that the session's person leads.
CREATE FUNCTION api.lead_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.district_id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'district'
    WHERE m.person_id = api.scope_person()
$$;

-- Every name under which a tip may have been handed to the session's person.
CREATE FUNCTION api.scope_holders() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(h), '{}') FROM (
        SELECT 'team:' || m.team_id FROM places_membership m WHERE m.person_id = api.scope_person()
        UNION ALL
        SELECT 'mac:' || encode(api.scope_mac(), 'hex') WHERE api.scope_mac() IS NOT NULL
    ) AS holders(h)
$$;

-- Matters that the session's person must not see.
CREATE FUNCTION api.barred_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(b.matter_id), '{}') FROM places_matterbar b
    WHERE b.person_mac = api.scope_mac()
$$;

-- Every district within the session's person's view, whatever their role.
CREATE FUNCTION api.scope_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT d.id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id
    JOIN places_district d ON d.id = t.district_id OR d.center_id = t.center_id
        OR t.kind = 'administration'
    WHERE m.person_id = api.scope_person()
$$;

-- Colleagues: staff of the districts and centers within view.
CREATE FUNCTION api.scope_people() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT m.person_id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id
    WHERE api.scope_person() IS NOT NULL AND (
        t.district_id = ANY (api.scope_districts())
        OR t.center_id IN (SELECT center_id FROM places_district
                           WHERE id = ANY (api.scope_districts()))
        OR EXISTS (SELECT 1 FROM places_membership a JOIN places_team at ON at.id = a.team_id
                   WHERE a.person_id = api.scope_person() AND at.kind = 'administration'))
$$;

-- A sign-in. Only the desk's own login role may start one; inside viewing() the role is narrower.
CREATE FUNCTION api.start_session(hash bytea, person bigint, mac bytea, seed bytea, done boolean)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO places_staffsession
        (token_hash, person_id, person_mac, kind, sealed_seed, complete, started_at, used_at)
    SELECT hash, person, mac, coalesce((SELECT t.kind FROM places_membership m
        JOIN places_team t ON t.id = m.team_id WHERE m.person_id = person
        ORDER BY array_position(ARRAY['administration','center','district','school']::text[],
                                t.kind::text) LIMIT 1), ''),
        seed, done, api.clock_now(), api.clock_now()
$$;

-- Reads a session by its token and marks it used (at most twice a minute). No row: signed out.
CREATE FUNCTION api.staff_session(token text)
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
            WHERE m.person_id = s.person_id), '[]'::jsonb), s.started_at
    FROM places_staffsession s JOIN places_person p ON p.id = s.person_id AND p.is_active
    WHERE s.token_hash = found_hash
      AND s.used_at > api.clock_now() - interval '15 minutes'
      AND s.started_at > api.clock_now() - interval '12 hours';
END $$;

CREATE FUNCTION api.finish_session(token text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH done AS (
        UPDATE places_staffsession SET complete = true, started_at = api.clock_now(),
            used_at = api.clock_now()
        WHERE token_hash = sha256(convert_to(token, 'UTF8'))
          AND started_at > api.clock_now() - interval '15 minutes'
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM done)
$$;

CREATE FUNCTION api.end_session(token text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM places_staffsession WHERE token_hash = sha256(convert_to(token, 'UTF8'))
$$;

-- Sign out everywhere: all sessions of the person whose token this is.
CREATE FUNCTION api.end_all_sessions(token text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM places_staffsession WHERE person_id = (
        SELECT s.person_id FROM places_staffsession s
        WHERE s.token_hash = sha256(convert_to(token, 'UTF8')))
$$;

-- What the public site may know of the places: names, and the centers' signed public keys.
CREATE FUNCTION api.public_places() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
      'districts', coalesce((SELECT jsonb_agg(jsonb_build_object(
          'id', d.id, 'slug', d.slug, 'name', d.name, 'time_zone', d.time_zone,
          'languages', to_jsonb(d.languages), 'center', d.center_id,
          'tiles', coalesce((SELECT jsonb_agg(jsonb_build_object('tile', c.tile, 'texts', c.texts,
              'position', c.position, 'hidden', c.hidden)) FROM places_tilechange c
              WHERE c.district_id = d.id), '[]'::jsonb)) ORDER BY d.name)
          FROM places_district d), '[]'::jsonb),
      'schools', coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'slug', s.slug,
          'name', s.name, 'town', s.town, 'district', s.district_id) ORDER BY s.name)
          FROM places_school s), '[]'::jsonb),
      'centers', coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name,
          'phone', c.callback_phone, 'holder', k.holder, 'version', k.version,
          'public', encode(k.public, 'hex'), 'signature', encode(k.signature, 'hex')))
          FROM places_center c JOIN places_team t ON t.center_id = c.id AND t.kind = 'center'
          JOIN LATERAL (SELECT * FROM vault_holderkey h WHERE h.holder = 'team:' || t.id
                        ORDER BY version DESC LIMIT 1) k ON true), '[]'::jsonb))
$$;

ALTER TABLE places_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_center ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_district ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_school ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_tilechange ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_team ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_matter ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_matterbar ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_staffsession ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_holderkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_sealedkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_personkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_shredkey ENABLE ROW LEVEL SECURITY;

-- Signing in reads and changes accounts before there is a session.
GRANT SELECT, UPDATE ON places_person TO upstander_staff;
CREATE POLICY signing_in ON places_person TO upstander_staff USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_emailaddress, account_emailconfirmation,
    mfa_authenticator, django_session TO upstander_staff;
GRANT SELECT ON django_content_type TO upstander_staff;
GRANT SELECT, INSERT, UPDATE ON vault_personkey TO upstander_staff;
CREATE POLICY signing_in ON vault_personkey TO upstander_staff USING (true) WITH CHECK (true);
GRANT INSERT ON audit_entry TO upstander_staff;
CREATE POLICY signing_in ON audit_entry FOR INSERT TO upstander_staff WITH CHECK (true);

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district',
                             'upstander_admin'] LOOP
        EXECUTE format('GRANT SELECT ON places_person, places_center, places_district,
            places_school, places_tilechange, places_team, places_membership, vault_holderkey,
            vault_sealedkey, vault_personkey TO %I', r);
        EXECUTE format('CREATE POLICY colleagues_%s ON places_person FOR SELECT TO %I
            USING (id = ANY ((SELECT api.scope_people())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON places_district FOR SELECT TO %I
            USING (id = ANY ((SELECT api.scope_districts())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON places_school FOR SELECT TO %I
            USING (district_id = ANY ((SELECT api.scope_districts())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON places_tilechange FOR SELECT TO %I
            USING (district_id = ANY ((SELECT api.scope_districts())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON places_center FOR SELECT TO %I
            USING ((SELECT api.scope_person()) IS NOT NULL)', r, r);
        EXECUTE format('CREATE POLICY own_%s ON places_membership FOR SELECT TO %I
            USING (person_id = ANY ((SELECT api.scope_people())::bigint[]))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON places_team FOR SELECT TO %I
            USING ((SELECT api.scope_person()) IS NOT NULL AND (
                district_id = ANY ((SELECT api.scope_districts())::bigint[])
                OR id IN (SELECT team_id FROM places_membership)))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON vault_holderkey FOR SELECT TO %I
            USING ((SELECT api.scope_person()) IS NOT NULL)', r, r);
        EXECUTE format('CREATE POLICY own_%s ON vault_sealedkey FOR SELECT TO %I
            USING (member = ''person:'' || (SELECT api.scope_person()))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON vault_personkey FOR SELECT TO %I
            USING (person_id = (SELECT api.scope_person()))', r, r);
        EXECUTE format('GRANT INSERT, SELECT ON audit_entry TO %I', r);
        EXECUTE format('CREATE POLICY own_%s ON audit_entry FOR INSERT TO %I
            WITH CHECK (actor_kind = ''staff'' AND actor_id = (SELECT api.scope_person()))', r, r);
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.clock_now(), api.scope_person(),
            api.scope_mac(), api.center_districts(), api.lead_districts(), api.scope_holders(),
            api.barred_matters(), api.scope_districts(), api.scope_people() TO %I', r);
    END LOOP;
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school'] LOOP
        EXECUTE format('GRANT SELECT, INSERT ON places_matterbar TO %I', r);
        EXECUTE format('GRANT SELECT ON places_matter TO %I', r);
        EXECUTE format('GRANT SELECT, INSERT ON vault_grant TO %I', r);
        EXECUTE format('GRANT SELECT ON vault_shredkey TO %I', r);
        EXECUTE format('CREATE POLICY mine_%s ON vault_grant FOR SELECT TO %I
            USING (holder = ANY ((SELECT api.scope_holders())::text[]))', r, r);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON vault_grant TO upstander_district;
GRANT SELECT ON vault_shredkey TO upstander_district;
CREATE POLICY mine ON vault_grant FOR SELECT TO upstander_district
    USING (holder = ANY ((SELECT api.scope_holders())::text[]));

GRANT INSERT, UPDATE (restricted) ON places_matter TO upstander_center;
GRANT DELETE ON vault_grant TO upstander_center;
-- A center sets bars and grants for the tips of the districts it serves.
CREATE POLICY center ON places_matter TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND NOT (id = ANY ((SELECT api.barred_matters())::uuid[])))
    WITH CHECK (district_id = ANY ((SELECT api.center_districts())::bigint[]));
-- Only on a matter that they see: nobody shuts another center out of its own matters, and whoever
-- is barred doesn't find the bar.
CREATE POLICY center ON places_matterbar TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))
    WITH CHECK (EXISTS (SELECT 1 FROM places_matter m
                        WHERE m.id = matter_id AND m.district_id = places_matterbar.district_id));
CREATE POLICY center_writes ON vault_grant FOR INSERT TO upstander_center
    WITH CHECK (district_id = ANY ((SELECT api.center_districts())::bigint[]));
CREATE POLICY center_removes ON vault_grant FOR DELETE TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[]));
CREATE POLICY center ON vault_shredkey FOR SELECT TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[]));
CREATE POLICY center ON audit_entry FOR SELECT TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND (matter_id IS NULL OR NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[]))));

-- Anybody may bar themselves (recuse); the team then loses sight of nothing.
CREATE POLICY recuse ON places_matterbar FOR INSERT TO upstander_school
    WITH CHECK (person_mac = (SELECT api.scope_mac()));
CREATE POLICY district ON audit_entry FOR SELECT TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[])
           AND (matter_id IS NULL OR NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[]))));
CREATE POLICY admin ON audit_entry FOR SELECT TO upstander_admin
    USING ((SELECT api.scope_person()) IS NOT NULL AND matter_id IS NULL);

-- Administrators keep places and people; they hold no team's key and see no tip.
GRANT INSERT, UPDATE, DELETE ON places_center, places_district, places_school, places_tilechange,
    places_team TO upstander_admin;
GRANT INSERT, UPDATE ON places_person TO upstander_admin;
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['places_center', 'places_district', 'places_school',
        'places_tilechange', 'places_team', 'places_person'] LOOP
        EXECUTE format('CREATE POLICY admin ON %I TO upstander_admin
            USING ((SELECT api.scope_person()) IS NOT NULL)
            WITH CHECK ((SELECT api.scope_person()) IS NOT NULL)', t);
    END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA api FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.start_session(bytea, bigint, bytea, bytea, boolean),
    api.staff_session(text), api.finish_session(text), api.end_session(text),
    api.end_all_sessions(text), api.clock_now() TO upstander_staff;
GRANT EXECUTE ON FUNCTION api.public_places(), api.clock_now() TO upstander_public;
GRANT EXECUTE ON FUNCTION api.clock_now() TO upstander_worker, upstander_center,
    upstander_school, upstander_district, upstander_admin;
GRANT USAGE ON SCHEMA api TO upstander_public, upstander_staff, upstander_worker,
    upstander_center, upstander_school, upstander_district, upstander_admin;

-- The worker pages people: it reads whom and where, no key and no tip.
GRANT SELECT ON places_person, places_team, places_membership, places_district, places_school,
    places_center TO upstander_worker;
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['places_person', 'places_team', 'places_membership',
        'places_district', 'places_school', 'places_center'] LOOP
        EXECUTE format('CREATE POLICY worker ON %I FOR SELECT TO upstander_worker USING (true)', t);
    END LOOP;
END $$;
GRANT INSERT ON audit_entry TO upstander_worker;
CREATE POLICY worker ON audit_entry FOR INSERT TO upstander_worker
    WITH CHECK (actor_kind = 'system');
