-- Whoever joins a team sees nothing of these matters, and of all that are one with them, until
-- somebody of the team lets them in.
CREATE OR REPLACE FUNCTION matters_newcomer_waits(p_person bigint, p_team bigint, p_matters uuid[])
    RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO matters_newcomer (matter_id, person_id, team_id, since)
        SELECT DISTINCT s.id, p_person, p_team, api.clock_now()
        FROM unnest(p_matters) AS m (id), LATERAL matters_same_matter(m.id) AS s (id)
    ON CONFLICT (person_id, matter_id, team_id) DO UPDATE SET since = excluded.since,
        let_in_at = NULL, let_in_by = NULL
$$;
