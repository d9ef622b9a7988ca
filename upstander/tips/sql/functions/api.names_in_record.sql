-- Names, sealed as they lie, of who has left every team and did something that stands in the record
-- of one tip or case, in a district within view: whoever wrote a note stays named by it.
CREATE OR REPLACE FUNCTION api.names_in_record(p_kind text, p_subject text, p_people bigint[])
    RETURNS TABLE (person bigint, name bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.name FROM people_person p
    WHERE p.id = ANY (p_people)
      AND NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = p.id)
      AND EXISTS (SELECT 1 FROM audit_entry e
          WHERE e.subject_kind = p_kind AND e.subject_id = p_subject
            AND e.actor_kind = 'staff' AND e.actor_id = p.id
            AND e.district_id = ANY ((SELECT api.scope_districts())::bigint[])
            AND (e.matter_id IS NULL OR e.matter_id <> ALL (api.excluded_matters())))
$$;

GRANT EXECUTE ON FUNCTION api.names_in_record
    TO upstander_center, upstander_district, upstander_school;
