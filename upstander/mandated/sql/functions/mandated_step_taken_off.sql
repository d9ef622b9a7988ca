-- An administrator has taken the second step of signing in off somebody who has open reports. They
-- can still come in, with their own address and passphrase, and must be able to at night: so this
-- is done by one. But it stands in the record of each report, and whoever watches over these is
-- told: the compliance leads and the outside monitors, without whose it is; and they themselves.
CREATE OR REPLACE FUNCTION mandated_step_taken_off() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    o record;
BEGIN
    FOR o IN SELECT d.duty, d.matter, d.district, w.who
        FROM (SELECT DISTINCT g.user_id AS who FROM gone g) AS w
        CROSS JOIN LATERAL mandated_open_of(p_person => w.who) d
        WHERE api.scope_is_admin() AND w.who <> api.scope_person() LOOP
        PERFORM audit_record(p_actor_kind => 'staff', p_actor_id => api.scope_person(),
            p_action => 'duty: second step reset', p_subject_kind => 'duty',
            p_subject_id => o.duty::text, p_district_id => o.district, p_matter_id => o.matter);
        PERFORM carriers_notify(p_people => ARRAY(
            SELECT DISTINCT m.person_id FROM people_membership m
            JOIN people_team t ON t.id = m.team_id
            WHERE t.district_id = o.district AND m.person_id <> o.who
              AND (t.kind = 'monitor'
                   OR t.kind = 'office' AND t.school_id IS NULL AND m.role = 'compliance_lead'
                   AND NOT api.matter_unsettled(o.matter))
              AND (m.until IS NULL OR m.until > api.clock_now())),
            p_kind => 'step_taken_off', p_detail => '{}');
        PERFORM carriers_notify(p_people => ARRAY[o.who], p_kind => 'own_step_taken_off',
            p_detail => '{}');
    END LOOP;
    RETURN NULL;
END $$;
