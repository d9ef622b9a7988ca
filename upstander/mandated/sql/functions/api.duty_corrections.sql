-- Which of these duties have a first or a written report whose time was corrected: as it was first
-- typed, and when (the server's time) it was last corrected. And when a written one was first
-- signed, by the server. For whoever may know of the duty.
CREATE OR REPLACE FUNCTION api.duty_corrections(p_duties uuid[])
    RETURNS TABLE (duty uuid, kind text, typed timestamptz, corrected timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.duty_id, f.kind::text, f.happened_at, max(c.at) FROM mandated_dutyevent f
    JOIN mandated_dutyevent c ON c.duty_id = f.duty_id AND c.kind = CASE f.kind WHEN 'first'
            THEN 'corrected' ELSE 'redated' END
        AND c.number > f.number
    WHERE f.duty_id = ANY (p_duties) AND f.kind IN ('first', 'written')
        AND audit_proves_duty(f.duty_id::text)
    GROUP BY f.duty_id, f.kind, f.happened_at
    UNION ALL
    SELECT s.duty_id, 'signed', min(s.at), min(s.at) FROM mandated_dutyevent s
    WHERE s.duty_id = ANY (p_duties) AND s.kind = 'signed' AND audit_proves_duty(s.duty_id::text)
    GROUP BY s.duty_id
$$;

GRANT EXECUTE ON FUNCTION api.duty_corrections
    TO upstander_center, upstander_district, upstander_former, upstander_monitor, upstander_school;
