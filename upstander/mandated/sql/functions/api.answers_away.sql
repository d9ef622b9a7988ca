-- What the session's person still owes an answer to and reaches no more: its number and place, and
-- whether a no of theirs waits for its reader. Nothing of what was reported.
CREATE OR REPLACE FUNCTION api.answers_away()
    RETURNS TABLE (asked bigint, tip uuid, reference text, school_id bigint, district_id bigint,
        matter_id uuid, asked_at timestamptz, waits boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, t.id, t.reference::text, a.school_id, a.district_id, t.matter_id, a.asked_at,
        mandated_standing(a.id) = 'waits'
    FROM mandated_asked a JOIN tips_tip t ON t.id = a.tip_id
    WHERE a.person_id = api.scope_person() AND mandated_is_away(p_asked => a.id)
    ORDER BY a.asked_at, a.id
$$;

GRANT EXECUTE ON FUNCTION api.answers_away TO upstander_district, upstander_school;
