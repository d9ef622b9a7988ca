-- Whether a tip is a talk that the center keeps to itself: no ground to share it stands. A yes or
-- no, also for the worker, which reads no tip.
CREATE OR REPLACE FUNCTION api.tip_is_held(p_tip uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM tips_tip t
                   WHERE t.id = p_tip AND t.to_talk AND t.shared_for = '')
$$;

GRANT EXECUTE ON FUNCTION api.tip_is_held TO upstander_worker;
