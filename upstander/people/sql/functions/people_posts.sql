-- The memberships of the session's person that count in it: of teams whose key the sign-in opens.
-- A role without its team's key is none: whoever came by a mailbox and a new key of their own acts
-- in no team, whatever the page asks.
CREATE OR REPLACE FUNCTION people_posts() RETURNS SETOF people_membership
    LANGUAGE sql STABLE AS $$
    SELECT m.* FROM people_membership m JOIN people_staffsession s ON s.person_id = m.person_id
    WHERE s.token_hash = people_token_hash() AND s.person_id = api.scope_person()
      AND s.sealed_seed IS NOT NULL AND people_holds_key(m.team_id, m.person_id)
$$;
