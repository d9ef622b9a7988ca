-- Who works with a guide sees whether somebody qualified has read it; administrators say so, each in
-- their own name; and what was said stays.
ALTER TABLE guides_textreview ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_school', 'upstander_district', 'upstander_admin'] LOOP
        EXECUTE format('CREATE POLICY read_%s ON guides_textreview FOR SELECT TO %I USING (true)', r, r);
        EXECUTE format('GRANT SELECT ON guides_textreview TO %I', r);
    END LOOP;
END $$;
CREATE POLICY said_admin ON guides_textreview FOR INSERT TO upstander_admin
    WITH CHECK (person_id = (SELECT api.scope_person()));
GRANT INSERT ON guides_textreview TO upstander_admin;
GRANT USAGE ON SEQUENCE guides_textreview_id_seq TO upstander_admin;

CREATE FUNCTION guides_review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of a text stays' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER guides_review_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON guides_textreview
    FOR EACH STATEMENT EXECUTE FUNCTION guides_review_stays();
