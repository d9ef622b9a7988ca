-- Uses an invitation up: the person (new, or the one signed in), their key, the membership, and
-- the team's keys sealed to them. Returns the person, or NULL when the invitation is over. An officer,
-- too, may make the key of their team. `given` holds bytes as hex: see actions/joining.py.
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

GRANT EXECUTE ON FUNCTION api.accept_invitation TO upstander_staff;
