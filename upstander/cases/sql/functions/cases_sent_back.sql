-- A team that sends a tip back sees it no more: also where it was handed to its members one by one,
-- since somebody is excluded, and the one who sends it back can take away their own name alone.
CREATE OR REPLACE FUNCTION cases_sent_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = OLD.tip_id AND t.state = 'returned') THEN
        PERFORM tips_take_from(p_tip => OLD.tip_id, p_holders => (
            SELECT a.holders::text[] FROM escalations_alert a
            WHERE a.subject_id = OLD.tip_id AND a.stage = 'school' AND OLD.holder = ANY (a.holders)
            ORDER BY a.opened_at DESC, a.id LIMIT 1));
    END IF;
    RETURN NULL;
END $$;
