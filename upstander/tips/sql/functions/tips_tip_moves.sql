-- The moves of upstander/tips/states.py (a test compares the two). A plain trigger, because
-- pgtrigger's can be switched off by a setting that any session may set.
CREATE OR REPLACE FUNCTION tips_tip_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (ARRAY[
        'new>claimed', 'claimed>new', 'claimed>handed_off', 'claimed>closed',
        'handed_off>returned', 'handed_off>closed', 'returned>claimed', 'returned>handed_off',
        'returned>closed', 'closed>returned', 'closed>claimed', 'closed>handed_off'])
    THEN
        RAISE EXCEPTION 'a tip does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
