ALTER TABLE carriers_contactmethod ENABLE ROW LEVEL SECURITY;
ALTER TABLE carriers_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE carriers_receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE carriers_inbound ENABLE ROW LEVEL SECURITY;
ALTER TABLE carriers_providerhealth ENABLE ROW LEVEL SECURITY;
ALTER TABLE carriers_notice ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district',
                             'upstander_admin'] LOOP
        -- Everybody keeps their own ways; nobody reads another's number.
        EXECUTE format('CREATE POLICY own_%s ON carriers_contactmethod TO %I
            USING (person_id = (SELECT api.scope_person()))
            WITH CHECK (person_id = (SELECT api.scope_person()))', r, r);
        EXECUTE format('GRANT SELECT, INSERT, DELETE, UPDATE (label, digit, verified_at, broken_at,
            broken_reason, broken_told, code, code_expires_at, code_due_at, tries)
            ON carriers_contactmethod TO %I', r);
        -- What was carried for no alert: one's own codes and notices. For an alert's, the app above
        -- says who may see the alert.
        EXECUTE format('CREATE POLICY own_%s ON carriers_delivery FOR SELECT TO %I
            USING (person_id = (SELECT api.scope_person()) AND for_id IS NULL)', r, r);
        EXECUTE format('GRANT SELECT (id, chain, for_id, purpose, person_id, method_id, channel,
            provider, provider_ref, state, reason, code, open, attempted_at, changed_at, told)
            ON carriers_delivery TO %I', r);
        EXECUTE format('CREATE POLICY staff_%s ON carriers_providerhealth FOR SELECT TO %I
            USING ((SELECT api.scope_person()) IS NOT NULL)', r, r);
        EXECUTE format('GRANT SELECT ON carriers_providerhealth TO %I', r);
        EXECUTE format('CREATE POLICY tell_%s ON carriers_notice FOR INSERT TO %I
            WITH CHECK (person_id = ANY ((SELECT api.scope_people())::bigint[]))', r, r);
        EXECUTE format('GRANT INSERT ON carriers_notice TO %I', r);
    END LOOP;
    FOREACH r IN ARRAY ARRAY['carriers_contactmethod', 'carriers_delivery', 'carriers_receipt',
        'carriers_inbound', 'carriers_providerhealth', 'carriers_notice'] LOOP
        EXECUTE format('CREATE POLICY worker ON %I TO upstander_worker USING (true)
            WITH CHECK (true)', r);
        EXECUTE format('GRANT SELECT ON %I TO upstander_worker', r);
    END LOOP;
END $$;
GRANT UPDATE (broken_at, broken_reason, broken_told, code_due_at) ON carriers_contactmethod TO upstander_worker;
GRANT INSERT, UPDATE ON carriers_delivery, carriers_providerhealth TO upstander_worker;
GRANT INSERT, UPDATE (sent_at) ON carriers_notice TO upstander_worker;
GRANT UPDATE (done) ON carriers_inbound TO upstander_worker;

-- How final a state is. What was said later never undoes what was said for good, in whatever order
-- the receipts come: only a higher number takes a lower one's place.
CREATE FUNCTION api.carrier_rank(state text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state WHEN 'trying' THEN 0 WHEN 'accepted' THEN 1 WHEN 'unknown' THEN 2
        WHEN 'machine' THEN 4 ELSE 3 END
$$;

-- A provider reports on a delivery: 'unknown' when there is no such one of its own, 'known' when it
-- has said so before, else 'new'. Receipts may come before the answer to the order itself.
CREATE FUNCTION api.carrier_receipt(p_provider text, p_delivery uuid, p_ref text, p_key text,
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
            poll_at = CASE WHEN p_state = 'accepted' THEN api.clock_now() + interval '60 seconds' END,
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

-- What a call says, sealed. No row: there is no such call of this provider.
CREATE FUNCTION api.carrier_script(p_provider text, p_delivery uuid, p_ref text)
    RETURNS TABLE (sealed bytea, tries integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.sealed, d.key_tries FROM carriers_delivery d
    WHERE d.id = p_delivery AND d.provider = p_provider AND d.channel = 'voice' AND p_ref <> ''
      AND d.provider_ref IN ('', p_ref)
$$;

-- A key pressed in a call. "I have it" counts with the person's own digit only, of which p_mac is
-- the mark, and after three wrong ones no more.
CREATE FUNCTION api.carrier_key(p_provider text, p_delivery uuid, p_ref text, p_answer text,
        p_mac bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d carriers_delivery;
BEGIN
    SELECT * INTO d FROM carriers_delivery WHERE id = p_delivery AND provider = p_provider
        AND channel = 'voice' AND p_ref <> '' AND provider_ref IN ('', p_ref) FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    END IF;
    IF d.for_id IS NULL OR d.key_tries >= 3
            OR d.attempted_at < api.clock_now() - interval '1 hour' THEN
        RETURN 'over';
    END IF;
    IF p_answer = 'have_it' AND d.digit_mac IS DISTINCT FROM p_mac THEN
        UPDATE carriers_delivery SET key_tries = key_tries + 1 WHERE id = d.id;
        RETURN CASE WHEN d.key_tries >= 2 THEN 'over' ELSE 'wrong' END;
    END IF;
    INSERT INTO carriers_inbound (kind, person_id, for_id, answer, at, done, provider, ref)
    VALUES ('key', d.person_id, d.for_id, p_answer, date_trunc('second', api.clock_now()), false,
            p_provider, p_ref || ':' || p_answer)
    ON CONFLICT (provider, ref) DO NOTHING;
    PERFORM pg_notify('due', '');
    RETURN 'right';
END $$;

-- A text came from the number with this mark. Whose it is and what it can mean is decided here, so
-- that the public process learns of nobody's alerts but by what that number itself may be told.
CREATE FUNCTION api.carrier_text(p_provider text, p_ref text, p_mac bytea, p_answer text,
        p_code text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m record;
    now_ timestamptz := date_trunc('second', api.clock_now());
    ids uuid[];
    codes text[];
BEGIN
    SELECT c.id, c.person_id, p.language INTO m FROM carriers_contactmethod c
    JOIN places_person p ON p.id = c.person_id AND p.is_active
    WHERE c.kind = 'sms' AND c.address_mac = p_mac AND c.verified_at IS NOT NULL;
    IF NOT FOUND OR p_ref = '' THEN
        RETURN jsonb_build_object('result', 'stranger');
    END IF;
    IF p_answer = 'stop' THEN
        UPDATE carriers_contactmethod SET broken_at = now_, broken_reason = 'stopped',
            broken_told = false
        WHERE id = m.id AND broken_at IS NULL;
        RETURN jsonb_build_object('result', 'stopped', 'language', m.language);
    ELSIF p_answer = 'start' THEN
        UPDATE carriers_contactmethod SET broken_at = NULL, broken_reason = ''
        WHERE id = m.id AND broken_reason = 'stopped';
        RETURN jsonb_build_object('result', 'started', 'language', m.language);
    END IF;
    IF EXISTS (SELECT 1 FROM carriers_inbound WHERE provider = p_provider AND ref = p_ref) THEN
        RETURN jsonb_build_object('result', 'again', 'language', m.language);
    END IF;
    SELECT array_agg(DISTINCT d.for_id), array_agg(DISTINCT d.code) INTO ids, codes
    FROM carriers_delivery d
    WHERE d.person_id = m.person_id AND d.for_id IS NOT NULL
      AND d.purpose IN ('page', 'drill', 'synthetic')
      AND d.attempted_at > api.clock_now() - interval '24 hours'
      AND CASE WHEN p_code <> '' THEN d.code = p_code ELSE d.open END;
    IF ids IS NULL AND p_code = '' THEN
        -- Nothing waits; but whoever took something may find that they can't after all.
        SELECT array_agg(DISTINCT d.for_id), array_agg(DISTINCT d.code) INTO ids, codes
        FROM carriers_delivery d
        WHERE d.person_id = m.person_id AND d.for_id IS NOT NULL
          AND d.purpose IN ('page', 'drill', 'synthetic')
          AND d.attempted_at > api.clock_now() - interval '12 hours';
    END IF;
    IF ids IS NULL THEN
        RETURN jsonb_build_object('result', CASE WHEN p_code = '' THEN 'nothing' ELSE 'no_code' END,
                                  'language', m.language);
    ELSIF cardinality(ids) > 1 AND p_answer <> 'unclear' THEN
        RETURN jsonb_build_object('result', 'which', 'language', m.language,
                                  'codes', to_jsonb(codes));
    END IF;
    INSERT INTO carriers_inbound (kind, person_id, for_id, answer, at, done, provider, ref)
    VALUES ('sms', m.person_id, CASE WHEN cardinality(ids) = 1 THEN ids[1] END, p_answer, now_,
            false, p_provider, p_ref)
    ON CONFLICT (provider, ref) DO NOTHING;
    PERFORM pg_notify('due', '');
    RETURN jsonb_build_object('result', CASE WHEN p_answer = 'unclear' THEN 'unclear' ELSE 'taken' END,
                              'language', m.language, 'codes', to_jsonb(codes));
END $$;

-- An answer by the signed link, which the desk has checked. Only to what was sent to that person.
CREATE FUNCTION api.carrier_answer(p_person bigint, p_for uuid, p_kind text, p_answer text,
        p_ref text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM carriers_delivery d JOIN places_person p ON p.id = d.person_id
                   WHERE d.person_id = p_person AND d.for_id = p_for AND p.is_active) THEN
        RETURN false;
    END IF;
    INSERT INTO carriers_inbound (kind, person_id, for_id, answer, at, done, provider, ref)
    VALUES (p_kind, p_person, p_for, p_answer, date_trunc('second', api.clock_now()), false,
            'link', p_ref)
    ON CONFLICT (provider, ref) DO NOTHING;
    PERFORM pg_notify('due', '');
    RETURN true;
END $$;

-- Somebody has it, or it has ended: a bare "1" means it no more.
CREATE FUNCTION api.carrier_close(p_for uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE carriers_delivery SET open = false WHERE for_id = ANY (p_for) AND open
$$;

-- By which channels colleagues can be reached, without their numbers.
CREATE FUNCTION api.carrier_ways(p_people bigint[]) RETURNS TABLE (person_id bigint, kind text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT c.person_id, c.kind::text FROM carriers_contactmethod c
    WHERE c.person_id = ANY (p_people) AND c.person_id = ANY (api.scope_people())
      AND c.verified_at IS NOT NULL AND c.broken_at IS NULL
$$;

REVOKE ALL ON FUNCTION api.carrier_rank(text),
    api.carrier_receipt(text, uuid, text, text, text, text, text, boolean),
    api.carrier_script(text, uuid, text), api.carrier_key(text, uuid, text, text, bytea),
    api.carrier_text(text, text, bytea, text, text),
    api.carrier_answer(bigint, uuid, text, text, text), api.carrier_close(uuid[]),
    api.carrier_ways(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    api.carrier_receipt(text, uuid, text, text, text, text, text, boolean),
    api.carrier_script(text, uuid, text), api.carrier_key(text, uuid, text, text, bytea),
    api.carrier_text(text, text, bytea, text, text) TO upstander_public;
GRANT EXECUTE ON FUNCTION
    api.carrier_receipt(text, uuid, text, text, text, text, text, boolean) TO upstander_worker;
GRANT EXECUTE ON FUNCTION api.carrier_answer(bigint, uuid, text, text, text) TO upstander_staff;
GRANT EXECUTE ON FUNCTION api.carrier_close(uuid[]) TO upstander_worker, upstander_center,
    upstander_school, upstander_district;
GRANT EXECUTE ON FUNCTION api.carrier_ways(bigint[]) TO upstander_center, upstander_school,
    upstander_district, upstander_admin;
