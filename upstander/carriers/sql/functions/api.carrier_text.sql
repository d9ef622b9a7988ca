-- A text came from the number with this mark. Whose it is and what it can mean is decided here, so
-- that the public process learns of nobody's alerts but by what that number itself may be told.
CREATE OR REPLACE FUNCTION api.carrier_text(p_provider text, p_ref text, p_mac bytea, p_answer text,
        p_code text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m record;
    now_ timestamptz := date_trunc('second', api.clock_now());
    ids uuid[];
    codes text[];
BEGIN
    SELECT c.id, c.person_id, c.wrong_codes, c.wrong_since, p.language INTO m
        FROM carriers_contactmethod c
    JOIN people_person p ON p.id = c.person_id AND p.is_active
    WHERE c.kind = 'sms' AND c.address_mac = p_mac AND c.verified_at IS NOT NULL
    FOR UPDATE OF c;
    IF NOT FOUND OR p_ref = '' THEN
        RETURN jsonb_build_object('result', 'stranger');
    END IF;
    -- Whatever was counted once: a provider passes it on twice, and who recorded it could tomorrow.
    IF EXISTS (SELECT 1 FROM carriers_inbound WHERE provider = p_provider AND ref = p_ref) THEN
        RETURN jsonb_build_object('result', 'again', 'language', m.language);
    END IF;
    IF p_answer IN ('stop', 'start') THEN
        INSERT INTO carriers_inbound (kind, person_id, answer, at, done, provider, ref)
        VALUES ('sms', m.person_id, p_answer, now_, true, p_provider, p_ref);
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
    -- Whoever forges a sender guesses: after five wrong codes in an hour texts from it count no
    -- more, and the person is asked by another way.
    IF m.wrong_codes >= 5 AND m.wrong_since > now_ - interval '1 hour'
        AND p_answer <> 'unclear' THEN
        PERFORM api.carrier_tried(m.person_id, p_provider);
        RETURN jsonb_build_object('result', 'locked', 'language', m.language);
    END IF;
    -- The most urgent first, then the newest: of many a text lists a few.
    SELECT array_agg(g.for_id ORDER BY g.urgent DESC, g.at DESC, g.code),
           array_agg(g.code ORDER BY g.urgent DESC, g.at DESC, g.code) INTO ids, codes
    FROM (SELECT d.for_id, min(d.code) AS code, bool_or(d.needs_code) AS urgent,
              max(d.attempted_at) AS at
          FROM carriers_delivery d
          WHERE d.person_id = m.person_id AND d.for_id IS NOT NULL
            AND d.purpose IN ('page', 'drill', 'synthetic')
            AND d.attempted_at > api.clock_now() - interval '24 hours'
            AND CASE WHEN p_code <> '' THEN d.code = p_code ELSE d.open END
          GROUP BY d.for_id) g;
    IF ids IS NULL AND p_code = '' THEN
        -- Nothing waits; but whoever took something may find that they can't after all.
        SELECT array_agg(DISTINCT d.for_id), array_agg(DISTINCT d.code) INTO ids, codes
        FROM carriers_delivery d
        WHERE d.person_id = m.person_id AND d.for_id IS NOT NULL
          AND d.purpose IN ('page', 'drill', 'synthetic')
          AND d.attempted_at > api.clock_now() - interval '12 hours';
    END IF;
    IF ids IS NULL AND p_code <> '' THEN
        INSERT INTO carriers_inbound (kind, person_id, answer, at, done, provider, ref)
        VALUES ('sms', m.person_id, 'unclear', now_, true, p_provider, p_ref);
        UPDATE carriers_contactmethod SET
            wrong_codes = CASE WHEN wrong_since > now_ - interval '1 hour' THEN wrong_codes + 1
                ELSE 1 END,
            wrong_since = CASE WHEN wrong_since > now_ - interval '1 hour' THEN wrong_since
                ELSE now_ END
        WHERE id = m.id
        RETURNING carriers_contactmethod.wrong_codes INTO m.wrong_codes;
        IF m.wrong_codes >= 5 THEN
            PERFORM api.carrier_tried(m.person_id, p_provider);
            RETURN jsonb_build_object('result', 'locked', 'language', m.language);
        END IF;
    END IF;
    IF ids IS NULL THEN
        RETURN jsonb_build_object('result', CASE WHEN p_code = '' THEN 'nothing' ELSE 'no_code' END,
                                  'language', m.language);
    ELSIF p_code = '' AND p_answer <> 'unclear' AND EXISTS (
            SELECT 1 FROM carriers_delivery d WHERE d.person_id = m.person_id
              AND d.for_id = ANY (ids) AND d.needs_code) THEN
        RETURN jsonb_build_object('result',
            CASE WHEN cardinality(ids) > 1 THEN 'which' ELSE 'code' END,
            'language', m.language, 'codes', to_jsonb(codes));
    ELSIF cardinality(ids) > 1 AND p_answer <> 'unclear' THEN
        RETURN jsonb_build_object('result', 'which', 'language', m.language,
                                  'codes', to_jsonb(codes));
    END IF;
    INSERT INTO carriers_inbound (kind, person_id, for_id, answer, at, done, provider, ref)
    VALUES ('sms', m.person_id, CASE WHEN cardinality(ids) = 1 THEN ids[1] END, p_answer, now_,
            false, p_provider, p_ref)
    ON CONFLICT (provider, ref) DO NOTHING;
    PERFORM pg_notify('due', '');
    RETURN jsonb_build_object('result',
        CASE WHEN p_answer = 'unclear' THEN 'unclear' ELSE 'taken' END,
                              'language', m.language, 'codes', to_jsonb(codes));
END $$;

GRANT EXECUTE ON FUNCTION api.carrier_text TO upstander_public;
