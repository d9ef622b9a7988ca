-- Row-level security believes no setting that a query could change: the scope is looked up from the
-- session's unguessable token, by functions that run with the owner's rights. A sign-in of somebody
-- who has left is somebody as `upstander_former` alone, and nobody else's is as that: under any
-- other role, whichever a stolen process takes on, there is nobody behind it. Nor is there without
-- the person's own opaque code: who left it away would be excluded from nothing.
CREATE OR REPLACE FUNCTION api.scope_person() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.person_id FROM people_staffsession s JOIN people_person p ON p.id = s.person_id
    WHERE s.token_hash = people_token_hash()
      AND s.mac_proof = sha256(s.token_hash || people_token_mac())
      AND s.complete AND p.is_active
      AND people_session_ends(s.started_at, s.used_at) > api.clock_now()
      AND people_by_way_in() = (s.kind = 'former')
      AND (s.kind <> 'former' OR people_way_in_open(p_person => s.person_id))
$$;

GRANT EXECUTE ON FUNCTION api.scope_person
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
