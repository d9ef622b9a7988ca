-- Two persons destroy an entry of the register once its time has run out. A legal hold on the
-- district, the school or the matter keeps it, and so does a rule that no administrator has
-- confirmed.
CREATE OR REPLACE FUNCTION api.dispose_allegation(p_entry uuid, p_event uuid, p_agree boolean,
    p_sealed bytea, p_rules text, p_digest text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e register_entry%ROWTYPE := register_locked(p_entry);
BEGIN
    -- No hold is placed beside us unseen.
    LOCK TABLE retention_hold IN SHARE MODE;
    IF p_agree AND (retention_held(p_district => e.district_id, p_school => e.school_id,
        p_subject => e.folder_id, p_matter => e.matter_id)
        -- Another State's rule, confirmed, lets nothing go here.
        OR p_rules IS DISTINCT FROM (SELECT d.state FROM places_district d
            WHERE d.id = e.district_id)
        OR NOT mandated_confirmed(p_rule_set => p_rules, p_fact => 'register.keep',
            p_digest => p_digest)) THEN
        RAISE EXCEPTION 'this is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN register_dispose(p_entry => p_entry, p_event => p_event, p_agree => p_agree,
        p_sealed => p_sealed);
END $$;

GRANT EXECUTE ON FUNCTION api.dispose_allegation TO upstander_district, upstander_school;
