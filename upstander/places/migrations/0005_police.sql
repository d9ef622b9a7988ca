-- Police contacts: a kind of team whose people see what was handed to them and nothing else. Their
-- role of the database has policies of its own; and in every older role their session reaches
-- nobody: a query that was tampered with can take on any of the desk's roles.

-- Teams of officers that the session's person is in.
CREATE FUNCTION api.police_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'police'
    WHERE m.person_id = api.scope_person()
$$;

-- As before, but for officers: belonging to a district's police gives no view of the district.
CREATE OR REPLACE FUNCTION api.scope_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT d.id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind <> 'police'
    JOIN places_district d ON d.id = t.district_id OR d.center_id = t.center_id
        OR t.kind = 'administration'
    WHERE m.person_id = api.scope_person()
$$;

-- Who leads a team: invites into it and renews its key. Officers keep their own, since nobody else may
-- hold its key.
CREATE FUNCTION places_leading_roles() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['center_supervisor', 'team_lead', 'district_lead', 'administrator', 'officer']
$$;
CREATE OR REPLACE FUNCTION api.scope_led_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(m.team_id), '{}') FROM places_membership m
    WHERE m.person_id = api.scope_person()
      AND m.role = ANY (places_leading_roles())
$$;

-- As before, with the new kind. And whoever is an officer is nothing else: one account that is both
-- would carry the view of the one into the other.
CREATE OR REPLACE FUNCTION places_membership_fits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    team_kind text := (SELECT kind FROM places_team WHERE id = NEW.team_id);
BEGIN
    IF NOT (CASE team_kind
            WHEN 'center' THEN NEW.role IN ('counselor', 'center_supervisor')
            WHEN 'school' THEN NEW.role IN ('team_member', 'team_lead')
            WHEN 'district' THEN NEW.role = 'district_lead'
            WHEN 'administration' THEN NEW.role = 'administrator'
            WHEN 'police' THEN NEW.role = 'officer' ELSE false END) THEN
        RAISE EXCEPTION 'a team of this kind has no such role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION places_officer_is_nothing_else() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- One person's memberships are written one after the other, or two at once would both fit.
    PERFORM 1 FROM places_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
               JOIN places_team n ON n.id = NEW.team_id
               WHERE m.person_id = NEW.person_id AND m.team_id <> NEW.team_id
                 AND (t.kind = 'police') <> (n.kind = 'police')) THEN
        RAISE EXCEPTION 'an officer is of no other kind of team' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER places_officer_is_nothing_else BEFORE INSERT OR UPDATE OF team_id, person_id
    ON places_membership FOR EACH ROW EXECUTE FUNCTION places_officer_is_nothing_else();

-- As before; an officer, too, may make the key of their team.
CREATE OR REPLACE FUNCTION api.accept_invitation(link text, session text, given jsonb) RETURNS bigint
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
        IF inv.role <> ALL (places_leading_roles())
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

-- What an officer sees of places: their team, who is in it, and the name of its district. Of the
-- center and the schools the tables may be named in a join, and show nothing.
GRANT SELECT ON places_person, places_center, places_district, places_school, places_team,
    places_membership, vault_holderkey, vault_sealedkey, vault_personkey TO upstander_police;
GRANT SELECT, INSERT, UPDATE, DELETE ON places_invitation TO upstander_police;
GRANT UPDATE (role, reachable_at_night) ON places_membership TO upstander_police;
GRANT INSERT ON audit_entry TO upstander_police;
CREATE POLICY police ON places_team FOR SELECT TO upstander_police
    USING (id = ANY ((SELECT api.police_teams())::bigint[]));
CREATE POLICY police ON places_membership FOR SELECT TO upstander_police
    USING (team_id = ANY ((SELECT api.police_teams())::bigint[]));
CREATE POLICY police_leads ON places_membership FOR UPDATE TO upstander_police
    USING (team_id = ANY ((SELECT api.police_teams())::bigint[]))
    WITH CHECK (team_id = ANY ((SELECT api.police_teams())::bigint[]));
CREATE POLICY police ON places_person FOR SELECT TO upstander_police
    USING (id IN (SELECT m.person_id FROM places_membership m));
CREATE POLICY police ON places_district FOR SELECT TO upstander_police
    USING (id IN (SELECT t.district_id FROM places_team t));
CREATE POLICY police ON places_invitation TO upstander_police
    USING (team_id = ANY ((SELECT api.police_teams())::bigint[]))
    WITH CHECK (team_id = ANY ((SELECT api.police_teams())::bigint[]));
CREATE POLICY police ON vault_holderkey FOR SELECT TO upstander_police
    USING ((SELECT api.scope_person()) IS NOT NULL);
CREATE POLICY police ON vault_sealedkey FOR SELECT TO upstander_police
    USING (member = 'person:' || (SELECT api.scope_person())
           OR holder IN (SELECT 'team:' || unnest(api.police_teams())));
CREATE POLICY police ON vault_personkey FOR SELECT TO upstander_police
    USING (person_id = (SELECT api.scope_person()));
CREATE POLICY police ON audit_entry FOR INSERT TO upstander_police
    WITH CHECK (actor_kind = 'staff' AND actor_id = (SELECT api.scope_person()));

REVOKE ALL ON FUNCTION api.police_teams(), places_officer_is_nothing_else(),
    places_leading_roles() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.clock_now(), api.scope_person(), api.scope_mac(), api.scope_holders(),
    api.barred_matters(), api.police_teams(), api.scope_led_teams(), api.scope_is_admin(),
    api.recovery_holder(bigint),
    api.renew_team_key(bigint, int, bytea, bytea, jsonb, bigint, bytea) TO upstander_police;
