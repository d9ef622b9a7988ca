-- A sign-in. Only the desk's own login role may start one; inside viewing() the role is narrower.
-- Who is of a team and of an office too begins with the team.
CREATE OR REPLACE FUNCTION api.start_session(hash bytea, person bigint, proof bytea, seed bytea,
    done boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO people_staffsession
        (token_hash, person_id, mac_proof, kind, sealed_seed, complete, started_at, used_at)
    SELECT hash, person, proof, coalesce((SELECT t.kind FROM people_membership m
        JOIN people_team t ON t.id = m.team_id WHERE m.person_id = person
        ORDER BY array_position(ARRAY['administration','center','district','school','office',
                                      'staff']::text[], t.kind::text) LIMIT 1),
        CASE WHEN people_way_in_open(p_person => person) THEN 'former' ELSE '' END),
        seed, done, api.clock_now(), api.clock_now()
$$;

GRANT EXECUTE ON FUNCTION api.start_session TO upstander_signin;
