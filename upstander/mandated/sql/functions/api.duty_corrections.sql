-- Which of these duties have a first report whose time was corrected: as it was first typed, and
-- when (the server's time) it was last corrected. For whoever may know of the duty.
CREATE OR REPLACE FUNCTION api.duty_corrections(p_duties uuid[])
    RETURNS TABLE (duty uuid, typed timestamptz, corrected timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.duty_id, f.happened_at, max(c.at) FROM mandated_dutyevent f
    JOIN mandated_dutyevent c ON c.duty_id = f.duty_id AND c.kind = 'corrected'
        AND c.number > f.number
    WHERE f.duty_id = ANY (p_duties) AND f.kind = 'first' AND audit_proves_duty(f.duty_id::text)
    GROUP BY f.duty_id, f.happened_at
$$;

GRANT EXECUTE ON FUNCTION api.duty_corrections
    TO upstander_center, upstander_district, upstander_former, upstander_monitor, upstander_school;
