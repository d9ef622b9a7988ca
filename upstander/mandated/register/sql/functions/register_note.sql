CREATE OR REPLACE FUNCTION register_note(p_entry uuid, p_event uuid, p_kind text, p_reason text,
    p_sealed bytea)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO register_event (id, entry_id, district_id, number, kind, reason, person_id, at,
        sealed)
        SELECT p_event, e.id, e.district_id,
            (SELECT coalesce(max(number), 0) + 1 FROM register_event WHERE entry_id = e.id),
            p_kind, p_reason, api.scope_person(), date_trunc('second', api.clock_now()), p_sealed
        FROM register_entry e WHERE e.id = p_entry
$$;
