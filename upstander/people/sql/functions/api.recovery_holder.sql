-- The name under which a team's keys are sealed to its place's two paper shares, if there are any.
CREATE OR REPLACE FUNCTION api.recovery_holder(team bigint) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE t.kind WHEN 'center' THEN 'recovery:center:' || t.center_id
                       WHEN 'administration' THEN 'recovery:administration'
                       ELSE 'recovery:district:' || t.district_id END
    FROM people_team t WHERE t.id = team
$$;

GRANT EXECUTE ON FUNCTION api.recovery_holder
    TO upstander_admin, upstander_center, upstander_district, upstander_police, upstander_school;
