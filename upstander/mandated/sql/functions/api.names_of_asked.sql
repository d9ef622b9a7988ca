-- Names, sealed as they lie, of who was asked, who answered, who read that and who answered for the
-- file, of questions that the session may see (api.answer_standings): also of who has left since.
CREATE OR REPLACE FUNCTION api.names_of_asked(p_asked bigint[], p_people bigint[])
    RETURNS TABLE (person bigint, name bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.name FROM people_person p
    WHERE p.id = ANY (p_people) AND EXISTS (
        SELECT 1 FROM api.answer_standings(p_asked) s JOIN mandated_asked a ON a.id = s.asked
        WHERE a.person_id = p.id
           OR EXISTS (SELECT 1 FROM mandated_fileanswer f
               WHERE f.asked_id = a.id AND f.person_id = p.id)
           OR EXISTS (SELECT 1 FROM mandated_answer w
               LEFT JOIN mandated_answerread r ON r.answer_id = w.id
               WHERE (w.tip_id = a.tip_id OR w.case_id = a.case_id)
                 AND p.id IN (w.person_id, r.person_id)))
$$;

GRANT EXECUTE ON FUNCTION api.names_of_asked
    TO upstander_center, upstander_district, upstander_school;
