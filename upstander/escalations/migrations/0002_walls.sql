ALTER TABLE escalations_alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalations_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalations_page ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalations_acknowledgement ENABLE ROW LEVEL SECURITY;

CREATE POLICY center ON escalations_alert TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))
    WITH CHECK (district_id = ANY ((SELECT api.center_districts())::bigint[]));
CREATE POLICY school ON escalations_alert TO upstander_school
    USING (holders::text[] && (SELECT api.scope_holders())::text[]
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));
CREATE POLICY district ON escalations_alert TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));
DO $$
DECLARE
    r text;
    t text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        FOREACH t IN ARRAY ARRAY['escalations_step', 'escalations_page',
                                 'escalations_acknowledgement'] LOOP
            EXECUTE format('CREATE POLICY of_alert_%s ON %I TO %I
                USING (EXISTS (SELECT 1 FROM escalations_alert a WHERE a.id = alert_id))
                WITH CHECK (EXISTS (SELECT 1 FROM escalations_alert a WHERE a.id = alert_id))',
                r, t, r);
        END LOOP;
        EXECUTE format('GRANT SELECT ON escalations_alert, escalations_step, escalations_page,
            escalations_acknowledgement TO %I', r);
        EXECUTE format('GRANT INSERT ON escalations_acknowledgement TO %I', r);
        EXECUTE format('GRANT UPDATE (state, acknowledged_by, acknowledged_at, next_step_due_at)
            ON escalations_alert TO %I', r);
        EXECUTE format('GRANT UPDATE (state, due_at) ON escalations_step, escalations_page TO %I', r);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['escalations_alert', 'escalations_step', 'escalations_page',
                             'escalations_acknowledgement'] LOOP
        EXECUTE format('CREATE POLICY worker ON %I TO upstander_worker USING (true)
            WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO upstander_worker', t);
    END LOOP;
END $$;
GRANT INSERT ON escalations_alert, escalations_step, escalations_page TO upstander_center;
GRANT UPDATE (priority, matter_id) ON escalations_alert TO upstander_center;
-- "Somebody cannot" asks the next at once: a team member's answer writes the next pages.
GRANT INSERT ON escalations_step, escalations_page TO upstander_school, upstander_district;

-- The worker leaves out whoever is barred from a matter; it sees opaque codes, no names.
CREATE FUNCTION api.bars_of(p_matter uuid) RETURNS bytea[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(person_mac), '{}') FROM places_matterbar WHERE matter_id = p_matter
$$;
GRANT EXECUTE ON FUNCTION api.bars_of(uuid) TO upstander_worker;
