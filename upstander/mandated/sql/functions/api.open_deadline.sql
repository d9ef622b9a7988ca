-- A deadline hangs on an event that its writer has just written down, and runs from it. The first
-- counts.
CREATE OR REPLACE FUNCTION api.open_deadline(p_id uuid, p_event uuid, p_key text, p_owner text,
    p_asks_home boolean, p_due timestamptz, p_remind timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO mandated_deadline (id, duty_id, district_id, key, owner, asks_home, since, due_at,
        remind_at, reminded)
        SELECT p_id, e.duty_id, e.district_id, p_key, p_owner, p_asks_home, e.happened_at, p_due,
            p_remind, 0
        FROM mandated_dutyevent e WHERE e.id = p_event AND e.person_id = api.scope_person()
          AND e.kind IN ('first', 'suspended', 'inquiry') AND e.happened_at < p_due
          AND p_remind IS NOT NULL
        ON CONFLICT (duty_id, key) DO NOTHING;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.open_deadline
    TO upstander_center, upstander_district, upstander_former, upstander_school;
