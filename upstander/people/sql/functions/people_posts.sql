-- The memberships of the session's person that count in it: of teams whose key the sign-in opens.
-- A role without its team's key is none: whoever came by a mailbox and a new key of their own acts
-- in no team, whatever the page asks.
CREATE OR REPLACE FUNCTION people_posts() RETURNS SETOF people_membership
    LANGUAGE sql STABLE AS $$
    SELECT m.* FROM people_membership m
    WHERE m.person_id = api.scope_person() AND people_unlocked()
      AND people_holds_key(m.team_id, m.person_id)
$$;
