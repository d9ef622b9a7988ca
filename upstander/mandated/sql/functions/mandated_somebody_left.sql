-- Somebody at the center can always act on a tip: no exclusion, by whichever road, may name all of
-- whom it consists. Whose code is whose, no row says: whoever sets the exclusion shows one who is
-- left by their code, and a session proves that it is theirs. One who never signed in counts as
-- left.
CREATE OR REPLACE FUNCTION mandated_somebody_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    center bigint := (SELECT d.center_id FROM places_district d WHERE d.id = NEW.district_id);
BEGIN
    IF EXISTS (SELECT 1 FROM tips_tip t WHERE t.matter_id = NEW.matter_id)
       AND EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
           WHERE t.kind = 'center' AND t.center_id = center)
       AND NOT EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
           WHERE t.kind = 'center' AND t.center_id = center AND (
               NOT EXISTS (SELECT 1 FROM people_staffsession s WHERE s.person_id = m.person_id)
               OR EXISTS (SELECT 1 FROM people_staffsession s JOIN matters_near_macs() AS n (mac)
                   ON s.mac_proof = sha256(s.token_hash || n.mac)
                   WHERE s.person_id = m.person_id AND NOT EXISTS (
                       SELECT 1 FROM matters_exclusion b
                       WHERE b.matter_id = NEW.matter_id AND b.person_mac = matters_bound(n.mac,
                           b.bound_to))))) THEN
        RAISE EXCEPTION 'somebody at the center must be left who can act on this'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandated_nobody_left';
    END IF;
    RETURN NULL;
END $$;
