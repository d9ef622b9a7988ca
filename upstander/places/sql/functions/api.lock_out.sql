-- By an administrator, who holds no key: the account is shut at once; each team that the person
-- was in keeps its key until its lead renews it.
CREATE OR REPLACE FUNCTION api.lock_out(person bigint, mac bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    left_team bigint;
BEGIN
    IF NOT api.scope_is_admin() OR person = api.scope_person() THEN
        RAISE EXCEPTION 'only another administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE places_person p SET is_active = false WHERE p.id = person;
    FOR left_team IN SELECT m.team_id FROM places_membership m WHERE m.person_id = person LOOP
        UPDATE places_team t SET renew_key_since = coalesce(t.renew_key_since, api.clock_now())
        WHERE t.id = left_team
          AND EXISTS (SELECT 1 FROM vault_holderkey k WHERE k.holder = 'team:' || t.id);
        PERFORM places_take_out(team => left_team, leaver => person, leaver_mac => mac);
    END LOOP;
    DELETE FROM places_staffsession s WHERE s.person_id = person;
END $$;

GRANT EXECUTE ON FUNCTION api.lock_out TO upstander_admin;
