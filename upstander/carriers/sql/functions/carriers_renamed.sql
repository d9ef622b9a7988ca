-- Tells whoever leads a team of somebody that they are called otherwise now: colleagues must know
-- who it is. Where nobody else leads it: whoever leads its district, and the administrators. An
-- earlier name is kept whenever one changes (people/known_names.py).
CREATE OR REPLACE FUNCTION carriers_renamed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM carriers_notify(p_people => ARRAY(
        SELECT DISTINCT other.person_id
        FROM people_membership m JOIN people_team t ON t.id = m.team_id
        JOIN people_membership other ON other.person_id <> NEW.id
        JOIN people_team of_other ON of_other.id = other.team_id
        WHERE m.person_id = NEW.id AND CASE WHEN EXISTS (
                SELECT 1 FROM people_membership lead WHERE lead.team_id = m.team_id
                  AND lead.person_id <> NEW.id AND lead.role = ANY (people_leading_roles()))
            THEN other.team_id = m.team_id AND other.role = ANY (people_leading_roles())
            ELSE other.role = 'administrator'
                 OR other.role = 'district_lead' AND of_other.district_id = t.district_id END),
        p_kind => 'renamed', p_detail => jsonb_build_object('person', NEW.id::text));
    RETURN NULL;
END $$;
