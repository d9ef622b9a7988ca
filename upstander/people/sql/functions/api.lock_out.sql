-- By an administrator, who holds no key. An app above refuses it, by a trigger on the person, where
-- there is something that nobody shuts somebody out of alone (constraint `leaving_held`).
CREATE OR REPLACE FUNCTION api.lock_out(person bigint, mac bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF NOT api.scope_is_admin() OR person = api.scope_person() THEN
        RAISE EXCEPTION 'only another administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM people_shut_out(p_person => person, p_mac => mac);
END $$;

GRANT EXECUTE ON FUNCTION api.lock_out TO upstander_admin;
