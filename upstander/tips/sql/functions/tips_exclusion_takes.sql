-- Whom an exclusion names holds none of the matter's tips by name any more, whichever road the
-- exclusion came by.
CREATE OR REPLACE FUNCTION tips_exclusion_takes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM vault_take_back(p_holder => 'mac:' || encode(n, 'hex'),
        p_tips => ARRAY(SELECT t.id FROM tips_tip t WHERE t.matter_id = NEW.matter_id))
        FROM matters_near_macs() AS n WHERE matters_bound(n, NEW.bound_to) = NEW.person_mac;
    RETURN NULL;
END $$;
