-- As before, but that an unmet due time follows a correction of the report that it runs from; and
-- what tells families something is met only by whoever says, in the same second, whether each home
-- is safe.
CREATE OR REPLACE FUNCTION mandated_deadline_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.duty_id, NEW.district_id, NEW.key, NEW.owner, NEW.asks_home)
       IS DISTINCT FROM
       (OLD.id, OLD.duty_id, OLD.district_id, OLD.key, OLD.owner, OLD.asks_home)
       -- Both move together, while it is unmet, from what the report's time was to what its owner
       -- says in a correction that was written down this second; or they stay.
       OR (NEW.since, NEW.due_at) IS DISTINCT FROM (OLD.since, OLD.due_at) AND (
          OLD.met_at IS NOT NULL OR NEW.since IS NOT DISTINCT FROM OLD.since
              OR NEW.due_at <= NEW.since
          OR NOT EXISTS (
             SELECT 1 FROM mandated_dutyevent e JOIN mandated_duty d ON d.id = e.duty_id
             WHERE e.duty_id = NEW.duty_id AND e.kind = 'corrected' AND e.person_id = d.person_id
               AND e.happened_at = NEW.since AND d.first_at = NEW.since
               AND e.at = date_trunc('second', api.clock_now())
               AND e.number = (SELECT max(o.number) FROM mandated_dutyevent o
                               WHERE o.duty_id = e.duty_id AND o.kind = 'corrected'))
          -- What hangs on another event than the first report doesn't follow it.
          OR NOT EXISTS (SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.duty_id
             AND e.kind IN ('first', 'corrected') AND e.happened_at = OLD.since))
       OR OLD.met_at IS NOT NULL AND (NEW.met_at, NEW.met_recorded_at, NEW.met_by)
          IS DISTINCT FROM (OLD.met_at, OLD.met_recorded_at, OLD.met_by)
       OR OLD.met_at IS NULL AND NEW.met_at IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.duty_id AND e.kind = 'met'
          AND e.happened_at = NEW.met_at AND e.person_id = NEW.met_by)
       OR OLD.met_at IS NULL AND NEW.met_at IS NOT NULL AND NEW.asks_home AND NOT EXISTS (
          SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.duty_id AND e.kind = 'homes'
          AND e.person_id = NEW.met_by AND e.at = NEW.met_recorded_at)
       OR NEW.met_at IS NULL AND NEW.remind_at IS NULL THEN
        RAISE EXCEPTION 'what falls due stays due until it is met'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
