-- A duty that waited is granted to whom it goes now. Of two who do it at once one is told that it
-- was them. Not while the center has something to settle.
CREATE OR REPLACE FUNCTION api.duty_granted(p_duty uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_routing SET waits = false, remind_at = NULL
        WHERE duty_id = p_duty AND waits AND mandated_may_exclude(p_duty)
          AND NOT api.matter_unsettled(matter_id);
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.duty_granted
    TO upstander_center, upstander_district, upstander_former, upstander_school;
