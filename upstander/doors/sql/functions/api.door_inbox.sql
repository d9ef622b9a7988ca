-- To what a picture's description and key are sealed. The worker can seal to it and open nothing.
CREATE OR REPLACE FUNCTION api.door_inbox(p_picture uuid) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.inbox_public FROM doors_picture p JOIN tips_tip t ON t.id = p.tip_id
        WHERE p.id = p_picture AND length(t.inbox_public) > 0
$$;

GRANT EXECUTE ON FUNCTION api.door_inbox TO upstander_worker;
