-- What is over goes: conversations silent for 30 days with the number and its mark, seasons of the
-- key after 60, digits that were not used, wrong ones. Returns how many rows went.
CREATE OR REPLACE FUNCTION api.door_forget() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := api.clock_now();
    gone bigint;
    more bigint;
    silent record;
BEGIN
    -- Of most phones nobody ever says that a text arrived: an hour later it is over all the same.
    FOR silent IN SELECT o.id, o.provider, o.ref FROM doors_textorder o
        WHERE o.state = 'sent' AND o.ref <> '' AND o.at <= now_ - interval '1 hour' FOR UPDATE
    LOOP
        PERFORM doors_copy(p_provider => silent.provider, p_ref => 'Messages/' || silent.ref);
        UPDATE doors_textorder SET ref = '' WHERE id = silent.id;
    END LOOP;
    DELETE FROM doors_thread d WHERE d.last_at <= now_ - interval '30 days';
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM doors_thread d USING doors_season s
        WHERE s.id = d.season_id AND s.begun_at <= now_ - interval '60 days';
    GET DIAGNOSTICS more = ROW_COUNT;
    gone := gone + more;
    DELETE FROM doors_season s WHERE s.begun_at <= now_ - interval '60 days';
    GET DIAGNOSTICS more = ROW_COUNT;
    gone := gone + more;
    DELETE FROM doors_bridge b WHERE b.ends_at <= now_;
    GET DIAGNOSTICS more = ROW_COUNT;
    gone := gone + more;
    DELETE FROM doors_wrongbridge w WHERE w.at <= now_ - interval '1 hour';
    RETURN gone;
END $$;

GRANT EXECUTE ON FUNCTION api.door_forget TO upstander_worker;
