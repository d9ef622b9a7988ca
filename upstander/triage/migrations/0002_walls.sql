ALTER TABLE triage_assessment ENABLE ROW LEVEL SECURITY;
ALTER TABLE triage_handoff ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['triage_assessment', 'triage_handoff'] LOOP
        EXECUTE format('CREATE POLICY center ON %I TO upstander_center
            USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
            WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO upstander_center', t);
    END LOOP;
END $$;
GRANT UPDATE (returned_at, returned_by) ON triage_handoff TO upstander_center, upstander_school,
    upstander_district;
GRANT SELECT ON triage_handoff TO upstander_school, upstander_district;
CREATE POLICY school ON triage_handoff TO upstander_school
    USING (holders::text[] && (SELECT api.scope_holders())::text[]
           AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));
CREATE POLICY district ON triage_handoff TO upstander_district
    USING (holders::text[] && (SELECT api.scope_holders())::text[]
           AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));

-- Assessments are superseded, never edited, whoever asks.
CREATE FUNCTION triage_assessment_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an assessment is superseded, never edited'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER triage_assessment_refuse BEFORE UPDATE ON triage_assessment
    FOR EACH STATEMENT EXECUTE FUNCTION triage_assessment_refuse();
