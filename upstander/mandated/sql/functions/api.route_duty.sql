-- Whom a duty that was just begun passes over, or that it waits from now on, as the center has
-- something to settle since. Whether it waits is looked up here: no caller says so.
CREATE OR REPLACE FUNCTION api.route_duty(p_duty uuid, p_past_building boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mandated_routing (duty_id, district_id, matter_id, past_building, waits, since,
        remind_at, reminded)
    SELECT d.id, d.district_id, d.matter_id, p_past_building, u.waits, d.opened_at,
        CASE WHEN u.waits THEN d.opened_at END, 0
    FROM mandated_duty d CROSS JOIN LATERAL (
        SELECT api.matter_unsettled(d.matter_id) AS waits) AS u
    WHERE d.id = p_duty AND d.person_id = api.scope_person() AND (p_past_building OR u.waits)
    ON CONFLICT (duty_id) DO UPDATE SET waits = mandated_routing.waits OR excluded.waits,
        remind_at = coalesce(mandated_routing.remind_at, excluded.remind_at)
$$;

GRANT EXECUTE ON FUNCTION api.route_duty
    TO upstander_center, upstander_district, upstander_former, upstander_school;
