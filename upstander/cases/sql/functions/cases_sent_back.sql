-- A team that sends a tip back sees it no more: also where it was handed to its members one by one, since
-- somebody is barred, and the one who sends it back can take away their own name alone.
CREATE OR REPLACE FUNCTION cases_sent_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = OLD.tip_id AND t.state = 'returned') THEN
        DELETE FROM tips_recipient r
            WHERE r.tip_id = OLD.tip_id AND r.holder LIKE 'mac:%' AND r.holder = ANY (
                SELECT unnest(a.holders) FROM escalations_alert a WHERE a.id = (
                    SELECT l.id FROM escalations_alert l WHERE l.subject_id = OLD.tip_id
                      AND l.stage = 'school' AND OLD.holder = ANY (l.holders)
                    ORDER BY l.opened_at DESC, l.id LIMIT 1));
    END IF;
    RETURN NULL;
END $$;
