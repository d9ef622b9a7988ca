-- How the question stands of somebody who opened: 'reports' (a report of their own in this matter),
-- 'no' (and another has read why), 'waits' (a no that nobody has read), 'for_file' (never answered,
-- and an office did for the file: whoever is asked to still) or 'silent'. A no that its reader
-- refused is none, nor one of before the reporter's new words that its speaker has opened
-- (new_turn).
CREATE OR REPLACE FUNCTION mandated_standing(p_asked bigint) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM mandated_duty d WHERE d.person_id = a.person_id
            AND d.matter_id IN (SELECT matters_same_matter(a.matter_id))
                AND mandated_protects(d.id))
            THEN 'reports'
        WHEN EXISTS (SELECT 1 FROM mandated_answer w JOIN mandated_answerread r
            ON r.answer_id = w.id AND r.agrees AND r.person_id <> w.person_id
            WHERE w.person_id = a.person_id AND NOT w.suspects
              AND (a.new_turn = 0 OR mandated_answer_turn(w.id) >= a.new_turn)
              AND (w.tip_id = a.tip_id OR w.case_id = a.case_id)) THEN 'no'
        WHEN EXISTS (SELECT 1 FROM mandated_fileanswer f WHERE f.asked_id = a.id
            AND f.person_id = a.for_file) THEN 'for_file'
        WHEN EXISTS (SELECT 1 FROM mandated_answer w
            WHERE w.person_id = a.person_id AND NOT w.suspects
              AND (a.new_turn = 0 OR mandated_answer_turn(w.id) >= a.new_turn)
              AND (w.tip_id = a.tip_id OR w.case_id = a.case_id)
              AND NOT EXISTS (SELECT 1 FROM mandated_answerread r WHERE r.answer_id = w.id))
            THEN 'waits'
        ELSE 'silent' END
    FROM mandated_asked a WHERE a.id = p_asked
$$;
