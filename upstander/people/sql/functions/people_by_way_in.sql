-- Whether this transaction acts for somebody who has left and comes in for their own reports alone.
CREATE OR REPLACE FUNCTION people_by_way_in() RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('role', true) = 'upstander_former', false)
$$;
