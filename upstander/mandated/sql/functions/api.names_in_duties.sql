-- Names, sealed as they lie, of whose duties these are and of who wrote something down in them: for
-- whom they were granted to, and for their owner. Whoever has left stays named in the record.
CREATE OR REPLACE FUNCTION api.names_in_duties(p_duties uuid[], p_people bigint[])
    RETURNS TABLE (person bigint, name bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.name FROM people_person p
    WHERE p.id = ANY (p_people) AND EXISTS (
        SELECT 1 FROM mandated_duty d WHERE d.id = ANY (p_duties)
          AND (d.person_id = api.scope_person() OR api.holds_folder(d.folder_id)
               AND NOT (d.matter_id = ANY (api.excluded_matters())))
          AND (d.person_id = p.id OR EXISTS (SELECT 1 FROM mandated_dutyevent e
               WHERE e.duty_id = d.id AND e.person_id = p.id)))
$$;

GRANT EXECUTE ON FUNCTION api.names_in_duties
    TO upstander_center, upstander_district, upstander_former, upstander_school;
