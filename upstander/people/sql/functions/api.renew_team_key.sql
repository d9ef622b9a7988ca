-- A new key for a team, by its lead: sealed to members only. With a leaver: that person is out,
-- with their sealed keys, their grants by name in this place, and all their sessions.
CREATE OR REPLACE FUNCTION api.renew_team_key(
        team bigint, version int, public bytea, signature bytea, sealed jsonb,
        leaver bigint, leaver_mac bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    item jsonb;
BEGIN
    IF NOT (team = ANY (api.scope_led_teams())) THEN
        RAISE EXCEPTION 'only the lead renews a key' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF leaver IS NOT NULL THEN
        -- Of one's own team only: it ends sessions and removes grants by name.
        IF NOT EXISTS (SELECT 1 FROM people_membership m
                       WHERE m.team_id = team AND m.person_id = leaver) THEN
            RAISE EXCEPTION 'not of this team' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM people_take_out(team => team, leaver => leaver, leaver_mac => leaver_mac);
    END IF;
    -- The unique constraint on (holder, version) refuses two renewals at once.
    PERFORM vault_new_key(p_holder => 'team:' || team, p_version => version, p_public => public,
        p_signature => signature);
    FOR item IN SELECT * FROM jsonb_array_elements(sealed) LOOP
        IF item->>'member' IS DISTINCT FROM api.recovery_holder(team) AND NOT EXISTS (
            SELECT 1 FROM people_membership m
            WHERE m.team_id = team AND 'person:' || m.person_id = item->>'member') THEN
            RAISE EXCEPTION 'a key for somebody else' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM vault_keep_sealed(p_holder => 'team:' || team, p_item => item);
    END LOOP;
    UPDATE people_team SET renew_key_since = NULL WHERE id = team;
    -- An invitation on its way carries the old keys only: it must be sent again.
    UPDATE people_invitation i SET link_hash = NULL, wrapped = NULL, signature = NULL,
        expires_at = NULL WHERE i.team_id = team AND i.used_at IS NULL;
END $$;

GRANT EXECUTE ON FUNCTION api.renew_team_key
    TO upstander_admin, upstander_center, upstander_district, upstander_police, upstander_school;
