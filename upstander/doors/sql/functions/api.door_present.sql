-- Who of a center is at work at the desk now: signed in, and not gone for a quarter of an hour.
CREATE OR REPLACE FUNCTION api.door_present(p_center bigint) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT f.person_id), '{}') FROM people_staffsession f
        JOIN people_person p ON p.id = f.person_id AND p.is_active
        JOIN people_membership b ON b.person_id = f.person_id
        JOIN people_team t ON t.id = b.team_id AND t.kind = 'center' AND t.center_id = p_center
        WHERE f.complete AND people_session_ends(f.started_at, f.used_at) > api.clock_now()
$$;

GRANT EXECUTE ON FUNCTION api.door_present TO upstander_worker;
