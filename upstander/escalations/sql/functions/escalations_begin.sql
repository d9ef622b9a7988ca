-- A new tip's alert, with the one step that the worker turns into those of its center's policy.
-- p_after: seconds until then. p_asks_911: its answers ask for a decision, whenever it happens.
CREATE OR REPLACE FUNCTION escalations_begin(
    p_subject uuid, p_matter uuid, p_reference text, p_district bigint, p_school bigint,
    p_priority text, p_now boolean, p_mandated boolean, p_crowded boolean, p_holder text,
    p_at timestamptz, p_after integer, p_asks_911 boolean, p_center_only boolean,
    p_no_topic boolean)
    RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    alert uuid := gen_random_uuid();
BEGIN
    INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,
        holders, state, opened_at, school_id, happening_now, mandated, crowded,
        asks_911, center_only, no_topic)
        VALUES (alert, p_subject, p_matter, p_reference, p_district, p_priority, ARRAY[p_holder],
                'open', p_at, p_school, p_now, p_mandated, p_crowded,
                p_asks_911, p_center_only, p_no_topic);
    INSERT INTO escalations_step (alert_id, district_id, number, target, due_at, round, state)
        VALUES (alert, p_district, 1, 'begin', p_at + make_interval(secs => p_after), 1, 'due');
END $$;
