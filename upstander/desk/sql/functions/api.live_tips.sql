-- In which district changed tips lie, so that the stream knows for whom to look, through each
-- viewer's own role. ``version`` differs after each change: a poll sends nothing twice.
CREATE OR REPLACE FUNCTION api.live_tips(p_tips uuid[], p_since timestamptz)
    RETURNS TABLE (tip uuid, district_id bigint, version text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.district_id, t.xmin::text FROM tips_tip t WHERE t.id = ANY (p_tips)
    UNION
    SELECT t.id, t.district_id, t.xmin::text FROM tips_tip t WHERE t.changed_at >= p_since
$$;

GRANT EXECUTE ON FUNCTION api.live_tips TO upstander_signin;
