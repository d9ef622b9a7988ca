-- What the session's person is asked to answer for the file: who opened and owes it, since when,
-- whether they have gone, and what the file says by then. None of a matter that is kept from them,
-- or of which it is not settled from whom it has to be.
CREATE OR REPLACE FUNCTION api.answers_owed()
    RETURNS TABLE (asked bigint, of_case boolean, subject uuid, reference text, school_id bigint,
        district_id bigint,
        matter_id uuid, who bytea, since timestamptz, gone boolean, may boolean,
        own_report boolean, reported boolean, read_by_two boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.case_id IS NOT NULL, coalesce(a.tip_id, a.case_id), coalesce(t.reference,
        c.reference)::text, a.school_id, a.district_id, a.matter_id,
        p.name, a.climb_since, a.gone_at IS NOT NULL,
        mandated_may_stand_in(p_asked => a.id, p_ground => 'any'),
        mandated_may_stand_in(p_asked => a.id, p_ground => 'own_report'),
        mandated_may_stand_in(p_asked => a.id, p_ground => 'reported'),
        mandated_may_stand_in(p_asked => a.id, p_ground => 'read_by_two')
    FROM mandated_asked a JOIN people_person p ON p.id = a.person_id
    LEFT JOIN tips_tip t ON t.id = a.tip_id
    LEFT JOIN cases_case c ON c.id = a.case_id
    WHERE a.for_file = api.scope_person() AND NOT (a.matter_id = ANY (api.excluded_matters()))
      AND NOT api.matter_unsettled(a.matter_id)
      AND mandated_standing(a.id) IN ('silent', 'waits')
    ORDER BY a.climb_since, a.id
$$;

GRANT EXECUTE ON FUNCTION api.answers_owed TO upstander_district, upstander_school;
