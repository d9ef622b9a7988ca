-- Whoever begins their own report has answered, wherever in its matter they were asked.
CREATE OR REPLACE FUNCTION mandated_begun() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked a SET answered_at = coalesce(a.answered_at, h.since),
        remind_at = NULL, climb_at = NULL
    FROM places_matterhold h JOIN mandated_duty d ON d.id = h.by
    WHERE h.id = NEW.id AND a.person_id = d.person_id
      AND a.matter_id IN (SELECT places_same_matter(d.matter_id))
      AND (a.answered_at IS NULL OR a.climb_at IS NOT NULL);
    RETURN NULL;
END $$;
