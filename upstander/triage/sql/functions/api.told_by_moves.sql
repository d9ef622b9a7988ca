-- Whom a supervisor may leave word for, since they decide a move: everybody who hears of it.
CREATE OR REPLACE FUNCTION api.told_by_moves() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT told.person_id), '{}') FROM approvals_approval a
    CROSS JOIN LATERAL api.told_of_move(a.id) told
    WHERE a.outcome = '' AND a.center_id = ANY (api.supervised_centers())
$$;

GRANT EXECUTE ON FUNCTION api.told_by_moves TO upstander_center;
