-- Answers for the file. That they were silent stays: the question's own answer stays empty.
CREATE OR REPLACE FUNCTION api.answer_for_file(p_asked bigint, p_ground text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM mandated_asked WHERE id = p_asked FOR UPDATE;
    IF p_ground = 'any' OR NOT mandated_may_stand_in(p_asked => p_asked, p_ground => p_ground) THEN
        RAISE EXCEPTION 'this is not theirs to answer so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO mandated_fileanswer (asked_id, district_id, person_id, ground, at)
        SELECT a.id, a.district_id, api.scope_person(), p_ground,
            date_trunc('second', api.clock_now())
        FROM mandated_asked a WHERE a.id = p_asked;
    UPDATE mandated_asked SET remind_at = NULL, climb_at = NULL WHERE id = p_asked;
END $$;

GRANT EXECUTE ON FUNCTION api.answer_for_file TO upstander_district, upstander_school;
