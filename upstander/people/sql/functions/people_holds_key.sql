-- Whether a team's newest key is sealed to somebody's present one. Who made a new key of their own
-- holds no team's until one of it seals it to them again.
CREATE OR REPLACE FUNCTION people_holds_key(p_team bigint, p_person bigint) RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM vault_sealedkey k
        JOIN vault_personkey o ON o.person_id = p_person AND o.version = k.member_version
        WHERE k.holder = 'team:' || p_team AND k.member = 'person:' || p_person
          AND k.version = (SELECT max(h.version) FROM vault_holderkey h
                           WHERE h.holder = 'team:' || p_team))
$$;
