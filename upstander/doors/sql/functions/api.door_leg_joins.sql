-- An interpreter or a 911 center has picked up, and comes in. Returns whether the call still lasts.
CREATE OR REPLACE FUNCTION api.door_leg_joins(p_leg uuid, p_provider text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip uuid;
BEGIN
    UPDATE doors_leg g SET state = 'joined', todo = '', due_at = NULL FROM doors_call c
        WHERE g.id = p_leg AND g.provider = p_provider AND g.state <> 'over' AND c.id = g.call_id
          AND c.ended_at IS NULL AND g.kind IN ('interpreter',
              'psap') RETURNING c.tip_id INTO of_tip;
    IF of_tip IS NOT NULL THEN
        PERFORM pg_notify('tips', of_tip::text);
    END IF;
    RETURN of_tip IS NOT NULL;
END $$;

GRANT EXECUTE ON FUNCTION api.door_leg_joins TO upstander_public;
