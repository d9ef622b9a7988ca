-- An answer by the signed link, which the desk has checked. Only to what was sent to that person.
CREATE OR REPLACE FUNCTION api.carrier_answer(p_person bigint, p_for uuid, p_kind text,
    p_answer text,
        p_ref text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM carriers_delivery d JOIN people_person p ON p.id = d.person_id
                   WHERE d.person_id = p_person AND d.for_id = p_for AND p.is_active) THEN
        RETURN false;
    END IF;
    INSERT INTO carriers_inbound (kind, person_id, for_id, answer, at, done, provider, ref)
    VALUES (p_kind, p_person, p_for, p_answer, date_trunc('second', api.clock_now()), false,
            'link', p_ref)
    ON CONFLICT (provider, ref) DO NOTHING;
    PERFORM pg_notify('due', '');
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.carrier_answer TO upstander_signin;
