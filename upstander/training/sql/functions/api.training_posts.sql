-- The posts of the session's person that see the ledger, each with its school or district.
CREATE OR REPLACE FUNCTION api.training_posts() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(m.role || ':' || coalesce(t.school_id, t.district_id)), '{}')
    FROM people_posts() m JOIN people_team t ON t.id = m.team_id AND t.kind = 'office'
    WHERE m.role IN ('head_of_school', 'designee', 'compliance_lead', 'superintendent')
$$;

GRANT EXECUTE ON FUNCTION api.training_posts TO upstander_school;
