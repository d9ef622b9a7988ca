CREATE OR REPLACE FUNCTION api.claims_with_exclusions() RETURNS TABLE (tip uuid, claimed_by bigint,
    exclusions bytea[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.claimed_by, array_agg(uuid_send(b.bound_to) || b.person_mac)
    FROM tips_tip t JOIN matters_exclusion b ON b.matter_id = t.matter_id
    WHERE t.state = 'claimed' AND t.claimed_by IS NOT NULL GROUP BY t.id ORDER BY t.id
$$;

GRANT EXECUTE ON FUNCTION api.claims_with_exclusions TO upstander_worker;
