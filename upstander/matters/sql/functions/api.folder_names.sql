-- The names under which a folder may stand open to the session's person. Whoever made it holds it
-- as `person:`, which the folder's row tells anyway; the others as a team, or by a name that is
-- bound to the folder (`own:`, `matters_name`), so that nobody reads from who is missing whom a
-- matter excludes.
CREATE OR REPLACE FUNCTION api.folder_names() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT array_remove(ARRAY(
        SELECT 'team:' || m.team_id FROM people_posts() m)
        || ARRAY['person:' || api.scope_person()], NULL)
$$;

GRANT EXECUTE ON FUNCTION api.folder_names
    TO upstander_center, upstander_district, upstander_former, upstander_school;
