-- Who has read which course: for whoever opens one, signed in or by a link. The names are sealed.
CREATE OR REPLACE FUNCTION api.course_reviews() RETURNS SETOF training_coursereview
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM training_coursereview
$$;

GRANT EXECUTE ON FUNCTION api.course_reviews TO upstander_signin;
