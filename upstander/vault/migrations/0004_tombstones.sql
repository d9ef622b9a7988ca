-- Each destroyed shred key leaves a tombstone, whoever destroyed it: that is what a restore replays.
CREATE FUNCTION vault_leave_tombstone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO vault_tombstone (subject, district_id, at)
        VALUES (OLD.subject, OLD.district_id, date_trunc('second', api.clock_now()))
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER vault_leave_tombstone AFTER DELETE ON vault_shredkey
    FOR EACH ROW EXECUTE FUNCTION vault_leave_tombstone();

-- What is gone stays gone: nothing is stored under its name again.
CREATE FUNCTION vault_gone_is_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what was destroyed stays so' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER vault_gone_is_gone BEFORE UPDATE OR DELETE OR TRUNCATE ON vault_tombstone
    FOR EACH STATEMENT EXECUTE FUNCTION vault_gone_is_gone();

-- The worker writes the list where the copies of the key file lie.
ALTER TABLE vault_tombstone ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON vault_tombstone TO upstander_worker;
CREATE POLICY worker ON vault_tombstone FOR SELECT TO upstander_worker USING (true);
