-- Gives each matter of a case the exclusions of this one of them. In the order of their ids, as
-- whoever links locks them; where two who exclude at once in one case still wait for each other,
-- the database ends one of the two, nothing of theirs is kept, and they are told to try again.
CREATE OR REPLACE FUNCTION cases_carry_exclusions(p_from uuid, p_case uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT matters_exclusion_alike(p_from => p_from,
        p_matters => ARRAY(SELECT cases_matters(p_case)));
    SELECT matters_close_to_excluded(p_matters => ARRAY(SELECT cases_matters(p_case)));
$$;
