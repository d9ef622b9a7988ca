-- The clock that every process shares. Tests replace its body with a table that can be set;
-- here it is plain now(), inlined by the planner, so that indexes on due times are used.
CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT now()';

GRANT EXECUTE ON FUNCTION api.clock_now
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_public, upstander_school, upstander_signin, upstander_staff,
        upstander_worker;
