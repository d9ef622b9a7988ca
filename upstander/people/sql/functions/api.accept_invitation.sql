-- Uses an invitation up: the person (new, or the one signed in), their key, the membership, and the
-- team's keys sealed to them. Returns the person, or NULL when the invitation is over. An officer,
-- too, may make the key of their team. `given` holds bytes as hex: see actions/joining.py.
CREATE OR REPLACE FUNCTION api.accept_invitation(link text, session text,
    given jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    inv people_invitation%ROWTYPE;
    who bigint;
    team_holder text;
    own jsonb := given->'key';
    founding jsonb := given->'founding';
    item jsonb;
BEGIN
    UPDATE people_invitation SET used_at = api.clock_now(), link_hash = NULL, wrapped = NULL,
        signature = NULL
    WHERE link_hash = sha256(convert_to(link, 'UTF8')) AND used_at IS NULL
      AND expires_at > api.clock_now() AND misses < 10
    RETURNING * INTO inv;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF NOT approvals_first_key(inv.team_id, inv.email) THEN
        RAISE EXCEPTION 'waits for a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    team_holder := 'team:' || inv.team_id;

    IF given ? 'newcomer' THEN
        IF EXISTS (SELECT 1 FROM people_person WHERE lower(email) = lower(inv.email)) THEN
            RAISE EXCEPTION 'this address has an account' USING ERRCODE = 'unique_violation';
        END IF;
        who := (given->>'person')::bigint;
        INSERT INTO people_person (id, email, password, name, phone, language, is_active)
        VALUES (who, lower(inv.email), given->'newcomer'->>'password',
            decode(given->'newcomer'->>'name', 'hex'), decode(given->'newcomer'->>'phone', 'hex'),
            given->'newcomer'->>'language', true);
        INSERT INTO account_emailaddress (user_id, email, verified, "primary")
        VALUES (who, lower(inv.email), true, true);
    ELSE
        SELECT s.person_id INTO who FROM people_staffsession s
        JOIN people_person p ON p.id = s.person_id AND p.is_active
        WHERE s.token_hash = sha256(convert_to(session, 'UTF8')) AND s.complete
          AND people_session_ends(s.started_at, s.used_at) > api.clock_now()
          AND lower(p.email) = lower(inv.email);
        IF who IS NULL THEN
            RAISE EXCEPTION 'not the invited person' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;

    IF own IS NOT NULL THEN
        PERFORM vault_person_key(p_person => who, p_version => (own->>'version')::int,
            p_public => decode(own->>'public', 'hex'),
            p_signature => decode(own->>'signature', 'hex'), p_salt => decode(own->>'salt', 'hex'),
            p_by_password => decode(own->>'by_password', 'hex'),
            p_by_recovery => decode(own->>'by_recovery', 'hex'));
    END IF;

    INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)
    VALUES (inv.team_id, who, inv.role, inv.reachable_at_night)
    ON CONFLICT (team_id, person_id) DO UPDATE SET role = excluded.role;

    IF founding IS NOT NULL THEN
        IF inv.role <> ALL (people_leading_roles())
            OR EXISTS (SELECT 1 FROM vault_holderkey WHERE holder = team_holder) THEN
            RAISE EXCEPTION 'this team has a key' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM vault_new_key(p_holder => team_holder, p_version => 1,
            p_public => decode(founding->>'public', 'hex'),
            p_signature => decode(founding->>'signature', 'hex'));
    END IF;
    FOR item IN SELECT * FROM jsonb_array_elements(given->'sealed') LOOP
        IF item->>'member' <> 'person:' || who
            AND item->>'member' IS DISTINCT FROM api.recovery_holder(inv.team_id) THEN
            RAISE EXCEPTION 'a key for somebody else' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM vault_keep_sealed(p_holder => team_holder, p_item => item);
    END LOOP;
    RETURN who;
END $$;

GRANT EXECUTE ON FUNCTION api.accept_invitation TO upstander_signin;
