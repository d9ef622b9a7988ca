-- A provider reports on a delivery: 'unknown' when there is no such one of its own, 'known' when it
-- has said so before, else 'new'. Receipts may come before the answer to the order itself.
CREATE OR REPLACE FUNCTION api.carrier_receipt(p_provider text, p_delivery uuid, p_ref text,
    p_key text,
        p_state text, p_reason text, p_broken text, p_over boolean) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d carriers_delivery;
    now_ timestamptz := date_trunc('second', api.clock_now());
BEGIN
    SELECT * INTO d FROM carriers_delivery
    WHERE id = p_delivery AND provider = p_provider FOR UPDATE;
    IF NOT FOUND OR p_ref = '' OR (d.provider_ref <> '' AND d.provider_ref <> p_ref) THEN
        RETURN 'unknown';
    END IF;
    INSERT INTO carriers_receipt (delivery_id, provider, key, status, at)
    VALUES (d.id, p_provider, p_key, p_state, now_) ON CONFLICT (provider, key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'known';
    END IF;
    IF api.carrier_rank(p_state) > api.carrier_rank(d.state) THEN
        UPDATE carriers_delivery SET state = p_state, reason = p_reason, changed_at = now_,
            provider_ref = p_ref, told = false,
            poll_at = CASE WHEN p_state = 'accepted'
                           THEN api.clock_now() + interval '60 seconds' END,
            sealed = CASE WHEN p_over THEN NULL ELSE sealed END
        WHERE id = d.id;
        IF p_broken <> '' THEN
            UPDATE carriers_contactmethod SET broken_at = now_, broken_reason = p_broken,
                broken_told = false
            WHERE id = d.method_id AND broken_at IS NULL;
        END IF;
        IF p_state <> 'accepted' THEN
            PERFORM pg_notify('due', '');
        END IF;
    ELSE
        UPDATE carriers_delivery SET provider_ref = p_ref,
            poll_at = CASE WHEN state IN ('trying', 'accepted')
                           THEN api.clock_now() + interval '60 seconds' END,
            sealed = CASE WHEN p_over THEN NULL ELSE sealed END
        WHERE id = d.id;
    END IF;
    RETURN 'new';
END $$;

GRANT EXECUTE ON FUNCTION api.carrier_receipt TO upstander_public, upstander_worker;
