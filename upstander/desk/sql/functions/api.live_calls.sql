-- The calls that last, and where they belong. ``version`` differs after each change that a page
-- shows; a leg of a call asks what to do every few seconds, which is none.
CREATE OR REPLACE FUNCTION api.live_calls()
    RETURNS TABLE (call uuid, tip uuid, district_id bigint, version text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.tip_id, c.district_id, concat_ws(' ', c.state, c.language, c.keyed, c.taken_by,
        c.moving_to, c.tip_id, (SELECT string_agg(concat_ws(' ', g.id, g.state), ',' ORDER BY g.id)
            FROM doors_leg g WHERE g.call_id = c.id))
    FROM doors_call c WHERE c.ended_at IS NULL
$$;

GRANT EXECUTE ON FUNCTION api.live_calls TO upstander_signin;
