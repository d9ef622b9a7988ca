-- Gives a school the name to which whoever asks has agreed as the second person, a supervisor of
-- the center that serves its district. Once: nothing came after it. Returns the school.
CREATE OR REPLACE FUNCTION api.rename_school(p_approval uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    a approvals_approval%ROWTYPE;
    school bigint;
BEGIN
    SELECT * INTO a FROM approvals_approval x WHERE x.id = p_approval AND x.kind = 'school_name'
        AND x.outcome = 'approved' AND x.decided_by = api.scope_person()
        AND NOT EXISTS (SELECT 1 FROM approvals_approval y WHERE y.kind = x.kind
            AND y.subject = x.subject AND y.outcome = 'approved' AND y.decided_at > x.decided_at);
    SELECT s.id INTO school FROM places_school s JOIN places_district d ON d.id = s.district_id
        WHERE a.subject = 'school:' || s.id AND d.center_id = a.center_id;
    IF school IS NULL THEN
        RAISE EXCEPTION 'nobody agreed to this name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM places_rename_school(school, a.value);
    RETURN school;
END $$;

GRANT EXECUTE ON FUNCTION api.rename_school TO upstander_center;
