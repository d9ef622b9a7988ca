-- Tells these persons at once, by the ways that they have chosen.
CREATE OR REPLACE FUNCTION carriers_notify(p_people bigint[], p_kind text,
    p_detail jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO carriers_notice (person_id, kind, detail, due_at)
        SELECT p, p_kind, p_detail, date_trunc('second', api.clock_now()) FROM unnest(p_people) p;
    PERFORM pg_notify('due', '');
END $$;
