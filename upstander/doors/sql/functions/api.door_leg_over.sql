-- A leg has ended, as the provider says by itself or when it is asked. Returns whether there is
-- one.
CREATE OR REPLACE FUNCTION api.door_leg_over(p_leg uuid, p_provider text, p_how text)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM doors_leg g WHERE g.id = p_leg AND g.provider = p_provider) THEN
        RETURN false;
    END IF;
    PERFORM doors_leg_over(p_leg => p_leg, p_how => p_how);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_leg_over TO upstander_public, upstander_worker;
