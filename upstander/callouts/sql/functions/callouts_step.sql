-- The one guard of a callout: which step may follow which, when it was (by the database's clock,
-- whoever says what), and what it makes of the callout. A step is never changed: nobody may.
CREATE OR REPLACE FUNCTION callouts_step() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one callouts_callout%ROWTYPE;
    goes text;
BEGIN
    SELECT * INTO one FROM callouts_callout WHERE id = NEW.callout_id FOR UPDATE;
    NEW.at := date_trunc('second', api.clock_now());
    SELECT coalesce(t.goes, one.state) INTO goes FROM (VALUES
        ('asked', 'new', 'asked'), ('phone', 'asked', 'phone'),
        ('planned', 'asked phone', 'planned'), ('go', 'asked phone planned', 'waiting'),
        ('offered', 'planned waiting', 'waiting'), ('desk', 'waiting', 'waiting'),
        ('accepted', 'waiting', 'accepted'), ('released', 'waiting accepted way', 'waiting'),
        ('way', 'accepted way', 'way'), ('arrived', 'accepted way', 'arrived'),
        ('safe', 'arrived', NULL), ('missed', 'arrived', NULL), ('silent', 'asked phone', NULL),
        ('panic', 'accepted way arrived', NULL), ('overdue', 'way', NULL),
        ('ended', 'asked phone planned waiting accepted way arrived', 'ended'),
        ('worse', 'asked phone planned waiting accepted way arrived', NULL),
        ('911', 'asked phone planned waiting accepted way arrived', NULL),
        ('seen_to', 'asked phone planned waiting accepted way arrived', NULL),
        ('visit', 'ended', NULL), ('followed', 'ended', NULL)) AS t (kind, comes, goes)
        WHERE t.kind = NEW.kind AND one.state = ANY (string_to_array(t.comes, ' '));
    IF NOT FOUND OR NEW.kind = 'visit' AND NEW.until > one.ended_at + interval '45 days'
        -- A silent alarm is once, of who has it; and somebody else sees to it.
        OR NEW.kind = 'panic' AND (one.panic_at IS NOT NULL
            OR NEW.person_id IS DISTINCT FROM one.held_by)
        OR NEW.kind = 'seen_to' AND one.panic_at IS NOT NULL
            AND NEW.person_id IS NOT DISTINCT FROM one.held_by THEN
        RAISE EXCEPTION 'a callout that is % takes no step %', one.state, NEW.kind
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'ended' AND EXISTS (
        SELECT FROM callouts_event e WHERE e.callout_id = one.id AND e.kind IN ('worse', 'missed')
            AND NOT EXISTS (SELECT FROM callouts_event s WHERE s.callout_id = one.id
                AND s.id > e.id AND (s.kind = 'seen_to' OR s.kind = 'safe' AND e.kind = 'missed')))
        THEN
        RAISE EXCEPTION 'nobody has said what was done about it'
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE callouts_callout SET state = goes,
        held_by = CASE WHEN NEW.kind IN ('phone', 'desk', 'accepted') THEN NEW.to_id
            WHEN NEW.kind IN ('planned', 'go', 'offered', 'released', 'ended') THEN NULL
            ELSE held_by END,
        due_at = CASE WHEN NEW.kind = 'planned' THEN NEW.until - interval '45 minutes'
            WHEN NEW.kind = 'asked' OR NEW.kind = 'seen_to' AND goes = 'asked'
                THEN NEW.at + interval '2 minutes'
            WHEN NEW.kind = 'phone' THEN NEW.at + interval '15 minutes'
            WHEN NEW.kind IN ('arrived', 'safe') THEN NEW.at + interval '30 minutes'
            WHEN NEW.kind IN ('way', 'visit') THEN NEW.until
            WHEN NEW.kind IN ('go', 'offered', 'released', 'overdue', 'missed', 'silent', 'ended',
                'followed') THEN NULL
            ELSE due_at END,
        ring = CASE WHEN NEW.kind IN ('asked', 'missed', 'worse') THEN NEW.kind
            WHEN goes = 'ended' OR ring = 'asked' AND goes <> 'asked'
                OR ring = 'missed' AND NEW.kind = 'safe' THEN '' ELSE ring END,
        panic_at = CASE NEW.kind WHEN 'panic' THEN NEW.at WHEN 'seen_to' THEN NULL
            ELSE panic_at END,
        go_at = CASE WHEN NEW.kind = 'go' AND NEW.person_id IS NOT NULL THEN NEW.at ELSE go_at END,
        planned_at = CASE WHEN NEW.kind = 'planned' THEN NEW.until ELSE planned_at END,
        eta_at = CASE WHEN NEW.kind = 'way' THEN NEW.until
            WHEN NEW.kind = 'released' THEN NULL ELSE eta_at END,
        arrived_at = CASE WHEN NEW.kind = 'arrived' THEN NEW.at ELSE arrived_at END,
        ended_at = CASE WHEN NEW.kind = 'ended' THEN NEW.at ELSE ended_at END,
        outcome = CASE WHEN NEW.kind = 'ended' THEN NEW.code ELSE outcome END,
        safety = CASE WHEN goes = 'ended' THEN NULL ELSE safety END,
        to_tell = CASE WHEN goes = 'ended' THEN NULL ELSE to_tell END,
        link_hash = CASE WHEN goes = 'ended' THEN NULL ELSE link_hash END
        WHERE id = one.id;
    RETURN NEW;
END $$;
