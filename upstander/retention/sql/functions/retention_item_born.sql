CREATE OR REPLACE FUNCTION retention_item_born() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'due' OR NEW.proposed_by IS NOT NULL OR NEW.agreed_by IS NOT NULL THEN
        RAISE EXCEPTION 'an item begins as due' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
