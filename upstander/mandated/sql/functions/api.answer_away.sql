-- Keeps a no to what the session's person reaches no more, sealed for the center, whose people read
-- it as second persons. Returns from whom the matter is kept, so that none of them is told.
CREATE OR REPLACE FUNCTION api.answer_away(p_asked bigint, p_answer uuid, p_sealed bytea)
    RETURNS bytea[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM mandated_asked WHERE id = p_asked FOR UPDATE;
    IF NOT mandated_is_away(p_asked => p_asked) OR octet_length(p_sealed) < 32 THEN
        RAISE EXCEPTION 'this is not theirs to answer so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO mandated_answer (id, tip_id, district_id, person_id, suspects, audience, handoff_id,
        sealed, at, turn)
    SELECT p_answer, a.tip_id, a.district_id, a.person_id, false, 'center', a.tip_id, p_sealed,
        date_trunc('second', api.clock_now()),
        -- They have opened that much, and see none of what came later.
        greatest(a.new_turn, (SELECT max(mandated_answer_turn(w.id)) FROM mandated_answer w
                              WHERE w.tip_id = a.tip_id AND w.person_id = a.person_id))
    FROM mandated_asked a WHERE a.id = p_asked;
    RETURN ARRAY(SELECT uuid_send(b.bound_to) || b.person_mac FROM matters_exclusion b
        JOIN mandated_asked a ON a.id = p_asked
        JOIN tips_tip t ON t.id = a.tip_id
        WHERE b.matter_id IN (SELECT matters_same_matter(t.matter_id))
           OR b.matter_id = a.matter_id);
END $$;

GRANT EXECUTE ON FUNCTION api.answer_away TO upstander_district, upstander_school;
