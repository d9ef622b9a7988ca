CREATE TRIGGER guides_review_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON guides_textreview
    FOR EACH STATEMENT EXECUTE FUNCTION guides_review_stays();
