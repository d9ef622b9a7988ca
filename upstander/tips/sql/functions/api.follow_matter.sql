-- Has the tips of what was linked to a matter name the one that stands for all, and their alerts
-- with them. No tip moves to a matter with which its own is not one already: whoever could write
-- the column could take a tip out of its exclusions, or close it by another's answers.
CREATE OR REPLACE FUNCTION api.follow_matter(p_matter uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid[] := ARRAY(SELECT m.id FROM matters_matter m WHERE m.merged_into_id = p_matter
        AND m.district_id = ANY (api.center_districts())
        AND NOT (m.id = ANY (api.excluded_matters())));
BEGIN
    PERFORM escalations_follow(p_matters => gone, p_to => p_matter);
    RETURN QUERY UPDATE tips_tip SET matter_id = p_matter,
        changed_at = date_trunc('second', api.clock_now())
        WHERE matter_id = ANY (gone) RETURNING id;
END $$;

GRANT EXECUTE ON FUNCTION api.follow_matter TO upstander_center;
