-- Somebody with open reports is not shut out, and not taken out of their last team, unless two have
-- agreed to that, or somebody else has the account. Nor is the address by which they sign in
-- another's to change, which would shut them out as well. Said to the tables' owner too. Nor, to
-- staff, is what they are called: who reported must be found under the name of that day.
CREATE OR REPLACE FUNCTION mandated_leaving_held() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who bigint := CASE TG_TABLE_NAME WHEN 'people_person' THEN (to_jsonb(OLD)->>'id')::bigint
                  ELSE (to_jsonb(OLD)->>'person_id')::bigint END;
BEGIN
    IF TG_NAME = 'mandated_name_held' AND coalesce(api.scope_person(), who) = who
       OR TG_NAME = 'mandated_address_held' AND api.scope_person() = who THEN
        RETURN NEW;
    END IF;
    IF TG_TABLE_NAME = 'people_membership' AND EXISTS (
            SELECT 1 FROM people_membership m WHERE m.person_id = who
            AND m.id <> (to_jsonb(OLD)->>'id')::bigint
            AND (m.until IS NULL OR m.until > api.clock_now())) THEN
        RETURN OLD;
    END IF;
    IF EXISTS (SELECT 1 FROM mandated_open_of(p_person => who))
       AND NOT EXISTS (SELECT 1 FROM mandated_shutting s WHERE s.person_id = who
                       AND s.done_at IS NULL AND s.ended_at IS NULL
                       AND (s.taken OR s.agreed_by IS NOT NULL)) THEN
        RAISE EXCEPTION 'somebody with open reports is not shut out by one person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'leaving_held';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
