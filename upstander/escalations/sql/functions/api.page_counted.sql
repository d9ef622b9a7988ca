-- Whether the text that went out then told of a page about a life, if only in its count: that text
-- named it, or it waited long enough before, and was known to be about a life; and something about
-- its alert went out in the last five minutes (escalations/held.py).
CREATE OR REPLACE FUNCTION api.page_counted(p_page escalations_page, p_told_at timestamptz)
    RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
            SELECT 1 FROM escalations_page s
            WHERE s.alert_id = p_page.alert_id AND s.person_id = p_page.person_id
              AND s.channel = p_page.channel AND s.turn < 2
              AND (s.state = 'sent'
                   OR s.state = 'due' AND s.due_at <= p_told_at - interval '15 seconds'))
        AND EXISTS (
            SELECT 1 FROM escalations_page s
            WHERE s.alert_id = p_page.alert_id AND s.state = 'sent' AND s.turn < 2
              AND s.sent_at <= p_told_at)
        AND EXISTS (
            SELECT 1 FROM escalations_page s
            WHERE s.alert_id = p_page.alert_id AND s.state = 'sent'
              AND s.sent_at > api.clock_now() - interval '5 minutes')
$$;

GRANT EXECUTE ON FUNCTION api.page_counted TO upstander_worker;
