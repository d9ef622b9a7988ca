-- About a talk that the center keeps to itself nobody outside it is asked or phoned.
CREATE OR REPLACE FUNCTION escalations_stays_at_center() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM escalations_alert a WHERE a.id = NEW.alert_id AND a.center_only)
       AND (TG_TABLE_NAME <> 'escalations_page' OR NOT EXISTS (
               SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
               JOIN places_district d ON d.center_id = t.center_id
               WHERE t.kind = 'center' AND d.id = NEW.district_id
                 AND m.person_id = (to_jsonb(NEW) ->> 'person_id')::bigint)) THEN
        RAISE EXCEPTION 'this is a talk: only the center is asked about it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
