-- Each destroyed shred key leaves a tombstone, whoever destroyed it: that is what a restore
-- replays.
CREATE OR REPLACE FUNCTION vault_leave_tombstone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO vault_tombstone (subject, district_id, at)
        VALUES (OLD.subject, OLD.district_id, date_trunc('second', api.clock_now()))
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
