-- What was signed of a subject, in place of what was found there (its counter; none: NULL),
-- whatever that was: whoever reads a statement checks signature and counter. Of two at once one
-- wins.
CREATE OR REPLACE FUNCTION api.state(p_subject text, p_over integer, p_counter integer, p_text text,
    p_signature bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO vault_signedstatement AS s (subject, counter, text, signature, at)
        VALUES (p_subject, p_counter, p_text, p_signature, api.clock_now())
    ON CONFLICT (subject) DO UPDATE SET counter = excluded.counter, text = excluded.text,
        signature = excluded.signature, at = excluded.at
        WHERE s.counter = p_over;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'stated meanwhile' USING ERRCODE = 'unique_violation',
            CONSTRAINT = 'stated_once';
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.state
    TO upstander_admin, upstander_center, upstander_district, upstander_police, upstander_school,
        upstander_signin;
