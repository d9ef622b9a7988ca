-- Assessments are superseded, never edited, whoever asks.
CREATE OR REPLACE FUNCTION triage_assessment_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an assessment is superseded, never edited'
        USING ERRCODE = 'insufficient_privilege';
END $$;
