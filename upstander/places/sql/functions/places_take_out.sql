CREATE OR REPLACE FUNCTION places_take_out(team bigint, leaver bigint, leaver_mac bytea) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    DELETE FROM places_membership m WHERE m.team_id = team AND m.person_id = leaver;
    DELETE FROM vault_sealedkey k
        WHERE k.holder = 'team:' || team AND k.member = 'person:' || leaver;
    DELETE FROM places_staffsession s WHERE s.person_id = leaver;
    -- Grants by name, for the districts of this team where no other team keeps them.
    DELETE FROM vault_grant g WHERE g.holder = 'mac:' || encode(leaver_mac, 'hex')
      AND g.district_id IN (SELECT d.id FROM places_district d JOIN places_team t ON t.id = team
                            WHERE d.id = t.district_id OR d.center_id = t.center_id)
      AND NOT EXISTS (SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
                      LEFT JOIN places_district d ON d.center_id = t.center_id
                      WHERE m.person_id = leaver
                        AND g.district_id IN (t.district_id, d.id));
END $$;
