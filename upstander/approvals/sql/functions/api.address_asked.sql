-- What waits of somebody's sign-in address, to themselves and to an administrator.
CREATE OR REPLACE FUNCTION api.address_asked(p_person bigint)
    RETURNS TABLE (id uuid, address text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.value FROM approvals_approval a
    JOIN people_person p ON 'person:' || p.id = a.subject AND lower(p.email) = a.about
    WHERE a.kind = 'address' AND p.id = p_person AND a.outcome = ''
      AND a.lapses_at > api.clock_now()
      AND (p.id = api.scope_person() OR api.scope_is_admin())
$$;

GRANT EXECUTE ON FUNCTION api.address_asked
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
