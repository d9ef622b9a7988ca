-- Gives somebody the sign-in address that was asked for, once: in the transaction in which a second
-- person has agreed, or as they confirm it themselves in a sign-in that opens a team's key. The
-- asking names the address that stood then, so that an old yes changes nothing.
CREATE OR REPLACE FUNCTION api.change_email(p_approval uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me bigint := api.scope_person();
    own boolean;
    who bigint;
    a approvals_approval%ROWTYPE;
BEGIN
    SELECT x.* INTO a FROM approvals_approval x WHERE x.id = p_approval AND x.kind = 'address'
        FOR UPDATE;
    SELECT p.id INTO who FROM people_person p
        WHERE 'person:' || p.id = a.subject AND lower(p.email) = a.about FOR UPDATE;
    own := who = me AND a.outcome = '' AND a.lapses_at > api.clock_now() AND a.asked_by <> me
        AND EXISTS (SELECT 1 FROM people_posts());
    IF who IS NULL OR NOT (coalesce(own, false) OR a.outcome = 'approved' AND a.decided_by = me
            AND a.decided_at = date_trunc('second', api.clock_now())) THEN
        RAISE EXCEPTION 'nobody agreed to this address' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM people_change_email(p_person => who, p_address => a.value);
    UPDATE approvals_approval SET outcome = 'approved', decided_by = me WHERE id = a.id AND own;
END $$;

GRANT EXECUTE ON FUNCTION api.change_email
    TO upstander_admin, upstander_center, upstander_district, upstander_monitor, upstander_police,
        upstander_school;
