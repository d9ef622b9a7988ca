-- Notes what the provider keeps of a call and its legs, to be deleted there: under names of ours,
-- with its own sealed for the worker.
CREATE OR REPLACE FUNCTION doors_call_copies(p_call uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO doors_providercopy (provider, ref, sealed, since, tries, due_at)
        SELECT s.provider, 'call ' || s.id, s.sid, date_trunc('second', api.clock_now()), 0,
            date_trunc('second', api.clock_now())
        FROM (SELECT c.id, c.provider, c.sid FROM doors_call c WHERE c.id = p_call
              UNION ALL SELECT g.id, g.provider, g.sid FROM doors_leg g WHERE g.call_id = p_call) s
        WHERE s.sid IS NOT NULL
        ON CONFLICT (provider, ref) DO NOTHING
$$;
