-- Whoever begins their own report has answered, wherever in its matter they were asked.
CREATE OR REPLACE FUNCTION mandated_begun() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked a SET answered_at = coalesce(a.answered_at, h.since),
        remind_at = NULL, climb_at = NULL
    FROM matters_matterhold h JOIN mandated_duty d ON d.id = h.by
    WHERE h.id = NEW.id AND a.person_id = d.person_id
      AND a.matter_id IN (SELECT matters_same_matter(d.matter_id))
      AND (a.answered_at IS NULL OR a.climb_at IS NOT NULL);
    -- A report to child protection makes its whole matter one of abuse: whoever opened any of its
    -- tips or cases is asked, and none of them ends, or goes by another schedule, as if it were
    -- not.
    PERFORM tips_of_abuse(p_matters => m.ids), mandated_cases_ask(p_matters => m.ids) FROM (
        SELECT ARRAY(SELECT matters_same_matter(d.matter_id)) AS ids
        FROM matters_matterhold h JOIN mandated_duty d ON d.id = h.by WHERE h.id = NEW.id) AS m;
    RETURN NULL;
END $$;
