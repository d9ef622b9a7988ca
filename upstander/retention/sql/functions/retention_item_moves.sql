-- Two persons, each in their own name; the second is another. An administrator, who sees nothing of
-- what it is about, doesn't propose. Whoever may see an item may stop it until it has gone.
CREATE OR REPLACE FUNCTION retention_item_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me bigint := api.scope_person();
    at timestamptz := date_trunc('second', api.clock_now());
BEGIN
    IF (NEW.id, NEW.kind, NEW.subject, NEW.district_id, NEW.school_id, NEW.matter_id, NEW.rule,
        NEW.ended_at, NEW.listed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.kind, OLD.subject, OLD.district_id, OLD.school_id, OLD.matter_id, OLD.rule,
        OLD.ended_at, OLD.listed_at) THEN
        RAISE EXCEPTION 'this of an item stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.state, NEW.state) = ('due', 'proposed') THEN
        IF me IS NULL OR NOT api.keeps_records() OR NOT EXISTS (
            SELECT 1 FROM people_membership m WHERE m.person_id = me
            AND m.role IN ('center_supervisor', 'district_lead')) THEN
            RAISE EXCEPTION 'this is for who leads there' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.proposed_by := me;
        NEW.proposed_at := at;
        NEW.agreed_by := NULL;
    ELSIF (OLD.state, NEW.state) = ('proposed', 'agreed') THEN
        IF me IS NULL OR NOT api.keeps_records() OR me = OLD.proposed_by THEN
            RAISE EXCEPTION 'a second person must agree' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.proposed_by := OLD.proposed_by;
        NEW.proposed_at := OLD.proposed_at;
        NEW.agreed_by := me;
        NEW.agreed_at := at;
    ELSIF OLD.state IN ('proposed', 'agreed') AND NEW.state = 'due'
          AND (me IS NULL OR api.keeps_records()) THEN
        NEW.proposed_by := NULL;
        NEW.proposed_at := NULL;
        NEW.agreed_by := NULL;
        NEW.agreed_at := NULL;
    ELSIF (OLD.state = 'agreed' AND NEW.state = 'gone' OR NEW.state = 'dropped') AND me IS NULL
          AND OLD.state <> 'gone' THEN
        NEW.agreed_by := OLD.agreed_by;
    ELSE
        RAISE EXCEPTION 'an item goes from due over proposed and agreed to gone'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
