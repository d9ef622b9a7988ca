-- How people come, change and leave. Whatever happens before there is a session, or to several
-- tables at once, is one function that checks who asks; no role gets a broad right for it.

-- Teams that the session's person leads.
CREATE FUNCTION api.scope_led_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(m.team_id), '{}') FROM places_membership m
    WHERE m.person_id = api.scope_person()
      AND m.role IN ('center_supervisor', 'team_lead', 'district_lead', 'administrator')
$$;

CREATE FUNCTION api.scope_is_admin() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
        WHERE m.person_id = api.scope_person() AND t.kind = 'administration'
          AND m.role = 'administrator')
$$;

-- The name under which a team's keys are sealed to its place's two paper shares, if there are any.
CREATE FUNCTION api.recovery_holder(team bigint) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE t.kind WHEN 'center' THEN 'recovery:center:' || t.center_id
                       WHEN 'administration' THEN 'recovery:administration'
                       ELSE 'recovery:district:' || t.district_id END
    FROM places_team t WHERE t.id = team
$$;

-- A role outside its kind of team would carry the rights of another kind.
CREATE FUNCTION places_membership_fits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (CASE (SELECT kind FROM places_team WHERE id = NEW.team_id)
            WHEN 'center' THEN NEW.role IN ('counselor', 'center_supervisor')
            WHEN 'school' THEN NEW.role IN ('team_member', 'team_lead')
            WHEN 'district' THEN NEW.role = 'district_lead'
            WHEN 'administration' THEN NEW.role = 'administrator' ELSE false END) THEN
        RAISE EXCEPTION 'a team of this kind has no such role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER places_membership_fits BEFORE INSERT OR UPDATE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION places_membership_fits();
CREATE TRIGGER places_invitation_fits BEFORE INSERT OR UPDATE ON places_invitation
    FOR EACH ROW EXECUTE FUNCTION places_membership_fits();

-- A session is completed by its own person only: another's second factor is none.
DROP FUNCTION api.finish_session(text);
CREATE FUNCTION api.finish_session(token text, person bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH done AS (
        UPDATE places_staffsession SET complete = true, started_at = api.clock_now(),
            used_at = api.clock_now()
        WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND person_id = person
          AND started_at > api.clock_now() - interval '15 minutes'
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM done)
$$;

CREATE FUNCTION api.end_sessions_of(person bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM places_staffsession WHERE person_id = person
$$;

-- When and where (here or elsewhere) the token's person is signed in; no address is kept.
CREATE FUNCTION api.own_sessions(token text)
    RETURNS TABLE (started_at timestamptz, used_at timestamptz, here boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.started_at, s.used_at, s.token_hash = mine.token_hash
    FROM places_staffsession mine JOIN places_staffsession s ON s.person_id = mine.person_id
    WHERE mine.token_hash = sha256(convert_to(token, 'UTF8')) AND s.complete
      AND s.used_at > api.clock_now() - interval '15 minutes'
      AND s.started_at > api.clock_now() - interval '12 hours'
$$;

-- What an open invitation says, to somebody who holds its link; NULL when it is over.
CREATE FUNCTION api.invitation(link text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'id', i.id, 'team', i.team_id, 'team_name', t.name, 'kind', t.kind, 'role', i.role,
        'district', t.district_id, 'email', i.email, 'language', i.language,
        'night', i.reachable_at_night,
        'name', encode(i.name, 'hex'), 'phone', encode(i.phone, 'hex'),
        'link_hash', encode(i.link_hash, 'hex'), 'wrapped', encode(i.wrapped, 'hex'),
        'signature', encode(i.signature, 'hex'), 'expires_at', i.expires_at,
        'inviter', (SELECT jsonb_build_object('name', encode(p.name, 'hex'), 'email', p.email)
            FROM places_person p WHERE p.id = i.created_by_id),
        'keys', coalesce((SELECT jsonb_agg(jsonb_build_object('version', k.version,
            'public', encode(k.public, 'hex'), 'signature', encode(k.signature, 'hex')))
            FROM vault_holderkey k WHERE k.holder = 'team:' || i.team_id), '[]'::jsonb),
        'recovery', (SELECT jsonb_build_object('holder', k.holder, 'version', k.version,
            'public', encode(k.public, 'hex'), 'signature', encode(k.signature, 'hex'))
            FROM vault_holderkey k WHERE k.holder = api.recovery_holder(i.team_id)
            ORDER BY k.version DESC LIMIT 1),
        'person', (SELECT jsonb_build_object('id', p.id, 'key', (
            SELECT jsonb_build_object('version', k.version, 'public', encode(k.public, 'hex'),
                'signature', encode(k.signature, 'hex')) FROM vault_holderkey k
            WHERE k.holder = 'person:' || p.id ORDER BY k.version DESC LIMIT 1))
            FROM places_person p WHERE lower(p.email) = lower(i.email) AND p.is_active))
    FROM places_invitation i JOIN places_team t ON t.id = i.team_id
    WHERE i.link_hash = sha256(convert_to(link, 'UTF8')) AND i.used_at IS NULL
      AND i.expires_at > api.clock_now() AND i.misses < 10
$$;

CREATE FUNCTION api.invitation_missed(link text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE places_invitation SET misses = misses + 1
    WHERE link_hash = sha256(convert_to(link, 'UTF8'))
$$;

CREATE FUNCTION api.new_person_id() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT nextval(pg_get_serial_sequence('places_person', 'id'))
$$;

-- Uses an invitation up: the person (new, or the one signed in), their key, the membership, and
-- the team's keys sealed to them. Returns the person, or NULL when the invitation is over.
-- `given` holds bytes as hex: see actions/joining.py.
CREATE FUNCTION api.accept_invitation(link text, session text, given jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    inv places_invitation%ROWTYPE;
    who bigint;
    team_holder text;
    own jsonb := given->'key';
    founding jsonb := given->'founding';
    item jsonb;
BEGIN
    UPDATE places_invitation SET used_at = api.clock_now(), link_hash = NULL, wrapped = NULL,
        signature = NULL
    WHERE link_hash = sha256(convert_to(link, 'UTF8')) AND used_at IS NULL
      AND expires_at > api.clock_now() AND misses < 10
    RETURNING * INTO inv;
    IF NOT FOUND THEN RETURN NULL; END IF;
    team_holder := 'team:' || inv.team_id;

    IF given ? 'newcomer' THEN
        IF EXISTS (SELECT 1 FROM places_person WHERE lower(email) = lower(inv.email)) THEN
            RAISE EXCEPTION 'this address has an account' USING ERRCODE = 'unique_violation';
        END IF;
        who := (given->>'person')::bigint;
        INSERT INTO places_person (id, email, password, name, phone, language, is_active)
        VALUES (who, lower(inv.email), given->'newcomer'->>'password',
            decode(given->'newcomer'->>'name', 'hex'), decode(given->'newcomer'->>'phone', 'hex'),
            given->'newcomer'->>'language', true);
        INSERT INTO account_emailaddress (user_id, email, verified, "primary")
        VALUES (who, lower(inv.email), true, true);
    ELSE
        SELECT s.person_id INTO who FROM places_staffsession s
        JOIN places_person p ON p.id = s.person_id AND p.is_active
        WHERE s.token_hash = sha256(convert_to(session, 'UTF8')) AND s.complete
          AND s.used_at > api.clock_now() - interval '15 minutes'
          AND s.started_at > api.clock_now() - interval '12 hours'
          AND lower(p.email) = lower(inv.email);
        IF who IS NULL THEN
            RAISE EXCEPTION 'not the invited person' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;

    IF own IS NOT NULL THEN
        INSERT INTO vault_holderkey (holder, version, public, signature, created_at)
        VALUES ('person:' || who, (own->>'version')::int, decode(own->>'public', 'hex'),
            decode(own->>'signature', 'hex'), api.clock_now());
        INSERT INTO vault_personkey (person_id, version, password_salt, by_password, by_recovery)
        VALUES (who, (own->>'version')::int, decode(own->>'salt', 'hex'),
            decode(own->>'by_password', 'hex'), decode(own->>'by_recovery', 'hex'))
        ON CONFLICT (person_id) DO UPDATE SET version = excluded.version,
            password_salt = excluded.password_salt, by_password = excluded.by_password,
            by_recovery = excluded.by_recovery;
        -- What was sealed to an older key of theirs opens no more.
        DELETE FROM vault_sealedkey WHERE member = 'person:' || who
            AND member_version < (own->>'version')::int;
    END IF;

    INSERT INTO places_membership (team_id, person_id, role, reachable_at_night)
    VALUES (inv.team_id, who, inv.role, inv.reachable_at_night)
    ON CONFLICT (team_id, person_id) DO UPDATE SET role = excluded.role;

    IF founding IS NOT NULL THEN
        IF inv.role NOT IN ('center_supervisor', 'team_lead', 'district_lead', 'administrator')
            OR EXISTS (SELECT 1 FROM vault_holderkey WHERE holder = team_holder) THEN
            RAISE EXCEPTION 'this team has a key' USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO vault_holderkey (holder, version, public, signature, created_at)
        VALUES (team_holder, 1, decode(founding->>'public', 'hex'),
            decode(founding->>'signature', 'hex'), api.clock_now());
    END IF;
    FOR item IN SELECT * FROM jsonb_array_elements(given->'sealed') LOOP
        IF item->>'member' <> 'person:' || who
            AND item->>'member' IS DISTINCT FROM api.recovery_holder(inv.team_id) THEN
            RAISE EXCEPTION 'a key for somebody else' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM places_keep_sealed(team_holder, item);
    END LOOP;
    RETURN who;
END $$;

CREATE FUNCTION places_keep_sealed(team_holder text, item jsonb) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO vault_sealedkey (holder, version, member, member_version, blob, proof)
    VALUES (team_holder, (item->>'version')::int, item->>'member', (item->>'member_version')::int,
        decode(item->>'blob', 'hex'), decode(item->>'proof', 'hex'))
    ON CONFLICT (holder, version, member) DO UPDATE SET member_version = excluded.member_version,
        blob = excluded.blob, proof = excluded.proof
$$;

-- A new key for a team, by its lead: sealed to members only. With a leaver: that person is out,
-- with their sealed keys, their grants by name in this place, and all their sessions.
CREATE FUNCTION api.renew_team_key(
        team bigint, version int, public bytea, signature bytea, sealed jsonb,
        leaver bigint, leaver_mac bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    item jsonb;
BEGIN
    IF NOT (team = ANY (api.scope_led_teams())) THEN
        RAISE EXCEPTION 'only the lead renews a key' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF leaver IS NOT NULL THEN
        -- Of one's own team only: it ends sessions and removes grants by name.
        IF NOT EXISTS (SELECT 1 FROM places_membership m
                       WHERE m.team_id = team AND m.person_id = leaver) THEN
            RAISE EXCEPTION 'not of this team' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM places_take_out(team, leaver, leaver_mac);
    END IF;
    -- The unique constraint on (holder, version) refuses two renewals at once.
    INSERT INTO vault_holderkey (holder, version, public, signature, created_at)
    VALUES ('team:' || team, version, public, signature, api.clock_now());
    FOR item IN SELECT * FROM jsonb_array_elements(sealed) LOOP
        IF item->>'member' IS DISTINCT FROM api.recovery_holder(team) AND NOT EXISTS (
            SELECT 1 FROM places_membership m
            WHERE m.team_id = team AND 'person:' || m.person_id = item->>'member') THEN
            RAISE EXCEPTION 'a key for somebody else' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM places_keep_sealed('team:' || team, item);
    END LOOP;
    UPDATE places_team SET renew_key_since = NULL WHERE id = team;
    -- An invitation on its way carries the old keys only: it must be sent again.
    UPDATE places_invitation i SET link_hash = NULL, wrapped = NULL, signature = NULL,
        expires_at = NULL WHERE i.team_id = team AND i.used_at IS NULL;
END $$;

CREATE FUNCTION places_take_out(team bigint, leaver bigint, leaver_mac bytea) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    DELETE FROM places_membership m WHERE m.team_id = team AND m.person_id = leaver;
    DELETE FROM vault_sealedkey k
        WHERE k.holder = 'team:' || team AND k.member = 'person:' || leaver;
    DELETE FROM places_staffsession s WHERE s.person_id = leaver;
    -- Grants by name, for the districts of this team where no other team keeps them.
    DELETE FROM vault_grant g WHERE g.holder = 'mac:' || encode(leaver_mac, 'hex')
      AND g.district_id IN (SELECT d.id FROM places_district d JOIN places_team t ON t.id = team
                            WHERE d.id = t.district_id OR d.center_id = t.center_id)
      AND NOT EXISTS (SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
                      LEFT JOIN places_district d ON d.center_id = t.center_id
                      WHERE m.person_id = leaver
                        AND g.district_id IN (t.district_id, d.id));
END $$;

-- By an administrator, who holds no key: the account is shut at once; each team that the person
-- was in keeps its key until its lead renews it.
CREATE FUNCTION api.lock_out(person bigint, mac bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    left_team bigint;
BEGIN
    IF NOT api.scope_is_admin() OR person = api.scope_person() THEN
        RAISE EXCEPTION 'only another administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE places_person p SET is_active = false WHERE p.id = person;
    FOR left_team IN SELECT m.team_id FROM places_membership m WHERE m.person_id = person LOOP
        UPDATE places_team t SET renew_key_since = coalesce(t.renew_key_since, api.clock_now())
        WHERE t.id = left_team
          AND EXISTS (SELECT 1 FROM vault_holderkey k WHERE k.holder = 'team:' || t.id);
        PERFORM places_take_out(left_team, person, mac);
    END LOOP;
    DELETE FROM places_staffsession s WHERE s.person_id = person;
END $$;

-- By an administrator: somebody lost the phone with their codes. They set up a new one at the next
-- sign-in, for which they need their password; no key comes of it.
CREATE FUNCTION api.reset_second_factor(person bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF NOT api.scope_is_admin() THEN
        RAISE EXCEPTION 'only an administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM mfa_authenticator a WHERE a.user_id = person;
    DELETE FROM places_staffsession s WHERE s.person_id = person;
END $$;

-- By an administrator: the address by which somebody signs in, in both places that know it.
CREATE FUNCTION api.change_email(person bigint, address text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF NOT api.scope_is_admin() THEN
        RAISE EXCEPTION 'only an administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE places_person p SET email = lower(address) WHERE p.id = person;
    DELETE FROM account_emailaddress e WHERE e.user_id = person;
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    VALUES (person, lower(address), true, true);
    DELETE FROM places_staffsession s WHERE s.person_id = person;
END $$;

-- The worker's broom: what has run out keeps no key and no trace. Returns how much it swept.
CREATE FUNCTION api.sweep_places() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH invitations AS (
        UPDATE places_invitation SET link_hash = NULL, wrapped = NULL, signature = NULL
        WHERE wrapped IS NOT NULL AND (expires_at <= api.clock_now() OR misses >= 10) RETURNING 1),
    sessions AS (
        DELETE FROM places_staffsession WHERE started_at < api.clock_now() - interval '12 hours'
            OR used_at < api.clock_now() - interval '15 minutes' RETURNING 1),
    browsers AS (
        DELETE FROM django_session WHERE expire_date < api.clock_now() RETURNING 1)
    SELECT (SELECT count(*) FROM invitations) + (SELECT count(*) FROM sessions)
         + (SELECT count(*) FROM browsers)
$$;

ALTER TABLE places_invitation ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district',
                             'upstander_admin'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.scope_led_teams(), api.scope_is_admin(),
            api.recovery_holder(bigint),
            api.renew_team_key(bigint, int, bytea, bytea, jsonb, bigint, bytea) TO %I', r);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON places_invitation TO %I', r);
        EXECUTE format('CREATE POLICY lead_%s ON places_invitation TO %I
            USING (team_id = ANY ((SELECT api.scope_led_teams())::bigint[]))
            WITH CHECK (team_id = ANY ((SELECT api.scope_led_teams())::bigint[]))', r, r);
        -- A lead sees for whom the team's key is sealed (the blobs open for those alone).
        EXECUTE format('CREATE POLICY lead_%s ON vault_sealedkey FOR SELECT TO %I
            USING (holder IN (SELECT ''team:'' || unnest(api.scope_led_teams())))', r, r);
        EXECUTE format('GRANT UPDATE (role, reachable_at_night) ON places_membership TO %I', r);
        EXECUTE format('CREATE POLICY lead_%s ON places_membership FOR UPDATE TO %I
            USING (team_id = ANY ((SELECT api.scope_led_teams())::bigint[]))
            WITH CHECK (team_id = ANY ((SELECT api.scope_led_teams())::bigint[]))', r, r);
    END LOOP;
END $$;
-- A query that was tampered with may take on any of the desk's roles; so the administrators' role
-- asks who stands behind it. Nobody is written into a team: people come by invitation.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['places_center', 'places_district', 'places_school',
        'places_tilechange', 'places_team', 'places_person'] LOOP
        EXECUTE format('ALTER POLICY admin ON %I
            USING ((SELECT api.scope_is_admin())) WITH CHECK ((SELECT api.scope_is_admin()))', t);
    END LOOP;
END $$;
ALTER POLICY admin ON audit_entry USING ((SELECT api.scope_is_admin()) AND matter_id IS NULL);
-- An administrator proposes and invites anywhere; without the team's key nothing is carried.
CREATE POLICY admin ON places_invitation TO upstander_admin
    USING ((SELECT api.scope_is_admin())) WITH CHECK ((SELECT api.scope_is_admin()));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA api FROM PUBLIC;
REVOKE ALL ON FUNCTION places_keep_sealed(text, jsonb),
    places_take_out(bigint, bigint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.finish_session(text, bigint), api.end_sessions_of(bigint), api.own_sessions(text),
    api.invitation(text), api.invitation_missed(text), api.new_person_id(),
    api.accept_invitation(text, text, jsonb) TO upstander_staff;
GRANT EXECUTE ON FUNCTION api.lock_out(bigint, bytea), api.reset_second_factor(bigint),
    api.change_email(bigint, text) TO upstander_admin;
GRANT EXECUTE ON FUNCTION api.sweep_places() TO upstander_worker;
