-- "It got worse", pressed by whoever holds the family's link: the desk is rung, and not again for
-- ten minutes unless it saw to it meanwhile. False: it is over.
CREATE OR REPLACE FUNCTION api.callout_worse(p_link text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one callouts_callout%ROWTYPE;
BEGIN
    SELECT * INTO one FROM callouts_callout
        WHERE link_hash = sha256(convert_to(p_link, 'UTF8')) FOR UPDATE;
    INSERT INTO callouts_event (callout_id, district_id, kind)
        SELECT one.id, one.district_id, 'worse' WHERE one.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM callouts_event e WHERE e.callout_id = one.id AND e.kind = 'worse'
                AND e.at > api.clock_now() - interval '10 minutes' AND e.id > ALL (
                    SELECT s.id FROM callouts_event s
                    WHERE s.callout_id = one.id AND s.kind = 'seen_to'));
    RETURN one.id IS NOT NULL;
END $$;

GRANT EXECUTE ON FUNCTION api.callout_worse TO upstander_signin;
