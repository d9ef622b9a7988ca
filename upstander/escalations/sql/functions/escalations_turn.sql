-- Which turn an alert's steps and pages take: 0 life safety that came alone, 1 life safety in a
-- crowd, 2 the rest (models.Turn).
CREATE OR REPLACE FUNCTION escalations_turn(p_alert escalations_alert) RETURNS smallint
    LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN p_alert.priority <> 'life_safety' THEN 2
                WHEN p_alert.crowded THEN 1 ELSE 0 END::smallint
$$;
