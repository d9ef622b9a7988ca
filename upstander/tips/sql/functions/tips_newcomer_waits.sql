-- Whoever joins a school's team or a district's office later holds its key, which opens all that it
-- had before: tips, and cases. Nobody has compared that with their name, so it waits for a look.
-- What another team of theirs has, they were compared with, or wait for.
CREATE OR REPLACE FUNCTION tips_newcomer_waits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own text := 'team:' || NEW.team_id;
    others text[] := ARRAY(SELECT 'team:' || m.team_id FROM people_membership m
                           WHERE m.person_id = NEW.person_id AND m.team_id <> NEW.team_id);
BEGIN
    IF NOT EXISTS (SELECT 1 FROM people_team t
                   WHERE t.id = NEW.team_id AND t.kind IN ('school', 'district')) THEN
        RETURN NULL;
    END IF;
    PERFORM matters_newcomer_waits(p_person => NEW.person_id, p_team => NEW.team_id,
        p_matters => ARRAY(
            SELECT t.matter_id FROM vault_grant g JOIN tips_tip t ON t.id = g.tip_id
            WHERE g.holder = own AND NOT EXISTS (SELECT 1 FROM vault_grant o
                WHERE o.tip_id = g.tip_id AND o.holder = ANY (others))
            UNION
            SELECT f.matter_id FROM matters_foldergrant g JOIN matters_folder f
                ON f.id = g.folder_id
            WHERE g.holder = own AND f.kind = 'case'
              AND NOT EXISTS (SELECT 1 FROM matters_foldergrant o WHERE o.folder_id = g.folder_id
                              AND o.holder = ANY (others))));
    RETURN NULL;
END $$;
