-- Whose completion a certificate is of, sealed: asked only with a number that the desk has signed.
CREATE OR REPLACE FUNCTION api.training_certificate(p_completion bigint)
    RETURNS TABLE (name bytea, course text, completed_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.name, c.course, c.completed_on
    FROM training_completion c JOIN training_employee e ON e.id = c.employee_id
    WHERE c.id = p_completion
$$;

GRANT EXECUTE ON FUNCTION api.training_certificate TO upstander_signin;
