-- The account is shut at once: out of all teams, all sessions over. Each team that the person was
-- in keeps its key until its lead renews it. Who may do that, the caller has asked.
CREATE OR REPLACE FUNCTION people_shut_out(p_person bigint, p_mac bytea) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    left_team bigint;
BEGIN
    UPDATE people_person SET is_active = false WHERE id = p_person;
    FOR left_team IN SELECT m.team_id FROM people_membership m WHERE m.person_id = p_person LOOP
        UPDATE people_team t SET renew_key_since = coalesce(t.renew_key_since, api.clock_now())
        WHERE t.id = left_team
          AND EXISTS (SELECT 1 FROM vault_holderkey k WHERE k.holder = 'team:' || t.id);
        PERFORM people_take_out(team => left_team, leaver => p_person, leaver_mac => p_mac);
    END LOOP;
    DELETE FROM people_staffsession s WHERE s.person_id = p_person;
    DELETE FROM people_wayin w WHERE w.person_id = p_person;
END $$;
