-- A report is finished, or something later is done: somebody who left may have nothing more to do.
CREATE OR REPLACE FUNCTION mandated_finished() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whose uuid := CASE TG_TABLE_NAME WHEN 'mandated_duty' THEN to_jsonb(NEW)->>'id'
                  ELSE to_jsonb(NEW)->>'duty_id' END;
BEGIN
    PERFORM mandated_way_in(p_person => d.person_id) FROM mandated_duty d WHERE d.id = whose;
    RETURN NULL;
END $$;
