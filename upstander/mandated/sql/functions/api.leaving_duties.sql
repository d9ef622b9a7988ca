-- What somebody would leave open, for whoever may decide that they are shut out: a short reference,
-- which report and by when. Neither what it is about nor whom. To every administrator alike, those
-- alone that are kept from nobody: a list that lacks something for one of them would tell them so.
CREATE OR REPLACE FUNCTION api.leaving_duties(p_person bigint)
    RETURNS TABLE (reference text, what text, due timestamptz, zone text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT left(d.id::text, 8), one.what, one.due, x.time_zone
    FROM mandated_open_of(p_person => p_person) o JOIN mandated_duty d ON d.id = o.duty
    JOIN places_district x ON x.id = d.district_id
    CROSS JOIN LATERAL (
        SELECT 'first' AS what, d.first_due AS due WHERE d.first_at IS NULL
        UNION ALL
        SELECT 'written', d.written_due WHERE d.written_at IS NULL
        UNION ALL
        SELECT 'later', l.due_at FROM mandated_deadline l
        WHERE l.duty_id = d.id AND l.owner = 'reporter' AND l.met_at IS NULL) AS one
    WHERE CASE WHEN api.scope_is_admin() THEN api.leaving_held(p_person => p_person)
               AND NOT api.matter_unsettled(p_matter => d.matter_id)
               AND NOT EXISTS (SELECT 1 FROM matters_exclusion b WHERE b.matter_id = d.matter_id)
          ELSE mandated_may_shut(p_person => p_person) END
    ORDER BY one.due NULLS LAST, 1, 2
$$;

GRANT EXECUTE ON FUNCTION api.leaving_duties TO upstander_admin, upstander_school;
