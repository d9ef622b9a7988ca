-- A picture came with a text: the worker fetches it, once.
CREATE OR REPLACE FUNCTION api.door_picture(p_picture uuid, p_thread uuid, p_provider text,
    p_sealed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    IF length(p_sealed) > 4000 OR EXISTS (SELECT 1 FROM tips_attachment a WHERE a.id = p_picture)
    THEN
        RETURN false;
    END IF;
    INSERT INTO doors_picture (id, thread_id, tip_id, provider, sealed, tries, due_at)
        SELECT p_picture, d.id, d.tip_id, p_provider, p_sealed, 0,
            date_trunc('second', api.clock_now())
        FROM doors_thread d WHERE d.id = p_thread
        ON CONFLICT (id) DO NOTHING;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_picture TO upstander_public;
