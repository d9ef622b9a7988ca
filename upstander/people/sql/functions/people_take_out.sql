CREATE OR REPLACE FUNCTION people_take_out(team bigint, leaver bigint,
    leaver_mac bytea) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    DELETE FROM people_membership m WHERE m.team_id = team AND m.person_id = leaver;
    PERFORM vault_drop_sealed(p_holder => 'team:' || team, p_member => 'person:' || leaver);
    DELETE FROM people_staffsession s WHERE s.person_id = leaver;
    -- Grants by name, for the districts of this team where no other team keeps them.
    PERFORM vault_forget_holder(p_holder => 'mac:' || encode(leaver_mac, 'hex'),
        p_districts => ARRAY(
            SELECT x.id FROM places_district x JOIN people_team own ON own.id = team
            WHERE (x.id = own.district_id OR x.center_id = own.center_id) AND NOT EXISTS (
                SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
                LEFT JOIN places_district d ON d.center_id = t.center_id
                WHERE m.person_id = leaver AND x.id IN (t.district_id, d.id))));
END $$;
