-- Notes what a provider keeps, to be deleted there in a minute.
CREATE OR REPLACE FUNCTION doors_copy(p_provider text, p_ref text) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO doors_providercopy (provider, ref, since, tries, due_at)
        SELECT p_provider, p_ref, date_trunc('second', api.clock_now()), 0,
            date_trunc('second', api.clock_now()) + interval '1 minute'
        WHERE p_ref <> ''
        ON CONFLICT (provider, ref) DO NOTHING
$$;
