-- A code by digits or keys opened nothing.
CREATE OR REPLACE FUNCTION api.door_wrong_code() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO doors_wrongbridge (at, of_code)
        VALUES (date_trunc('second', api.clock_now()), true)
$$;

GRANT EXECUTE ON FUNCTION api.door_wrong_code TO upstander_public;
