-- A draft is its writer's. What was signed, and what proves its sending, is read by who sees the duty;
-- only whose duty it is adds to it, and nobody changes it.
ALTER TABLE written_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE written_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE written_evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE written_agencypdf ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION written_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was signed or sent stays as it is' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER written_report_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON written_report
    FOR EACH STATEMENT EXECUTE FUNCTION written_stays();
CREATE TRIGGER written_evidence_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON written_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION written_stays();

-- A form that was taken out of use stays as it was: reports were filled into it.
CREATE FUNCTION written_pdf_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.form, NEW.pdf, NEW.person_id, NEW.at) IS DISTINCT FROM
       (OLD.id, OLD.form, OLD.pdf, OLD.person_id, OLD.at) OR OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a form is replaced, not changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER written_pdf_guard BEFORE UPDATE ON written_agencypdf
    FOR EACH ROW EXECUTE FUNCTION written_pdf_guard();

DO $$
DECLARE
    r text;
    own text := 'EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = duty_id
        AND d.district_id = %1$I.district_id AND d.person_id = (SELECT api.scope_person()))';
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON written_draft TO %I', r);
        EXECUTE format('CREATE POLICY own_%s ON written_draft TO %I USING (%s) WITH CHECK (%s)', r, r,
            format(own, 'written_draft'), format(own, 'written_draft'));
        EXECUTE format('GRANT SELECT, INSERT ON written_report, written_evidence TO %I', r);
        EXECUTE format('CREATE POLICY own_%s ON written_report FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person()) AND %s)', r, r,
            format(own, 'written_report'));
        EXECUTE format('CREATE POLICY own_%s ON written_evidence FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person()) AND %s)', r, r,
            format(own, 'written_evidence'));
        EXECUTE format('CREATE POLICY seen_%s ON written_report FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = duty_id))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON written_evidence FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = duty_id))', r, r);
        EXECUTE format('GRANT SELECT ON written_agencypdf TO %I', r);
        EXECUTE format('CREATE POLICY staff_%s ON written_agencypdf FOR SELECT TO %I
            USING ((SELECT api.scope_person()) IS NOT NULL)', r, r);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (fields, withdrawn_at) ON written_agencypdf TO upstander_admin;
CREATE POLICY admin ON written_agencypdf TO upstander_admin USING ((SELECT api.scope_is_admin()))
    WITH CHECK ((SELECT api.scope_is_admin()));
