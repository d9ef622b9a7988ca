-- What falls due after the first report runs from it: an unmet one follows the time that its owner
-- corrected just now (the guard below asks for that correction). Returns whether there was one to
-- move.
CREATE OR REPLACE FUNCTION api.move_deadline(p_duty uuid, p_key text, p_due timestamptz,
    p_remind timestamptz)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_deadline l SET since = d.first_at, due_at = p_due, remind_at = p_remind,
        reminded = 0
        FROM mandated_duty d WHERE d.id = p_duty AND d.person_id = api.scope_person()
          AND l.duty_id = d.id AND l.key = p_key AND l.met_at IS NULL AND l.since <> d.first_at
          AND p_remind IS NOT NULL;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.move_deadline
    TO upstander_center, upstander_district, upstander_former, upstander_school;
