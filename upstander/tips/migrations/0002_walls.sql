-- The narrow waist: everything that the public process may do is one of these functions.
-- They run with the owner's rights and check their own arguments; the public role has no table.

CREATE FUNCTION api.file_tip(
    p_tip uuid, p_reference text, p_lookup bytea, p_page bytea, p_wrapped bytea,
    p_shred bytea, p_shred_version integer, p_center bigint, p_district bigint, p_school bigint,
    p_tile text, p_priority text, p_rank smallint, p_now boolean, p_mandated boolean,
    p_language text, p_channel text, p_likeness bytea, p_inbox bytea,
    p_holder text, p_key_version integer, p_dialog_grant bytea, p_center_grant bytea,
    p_message uuid, p_text bytea, p_answers_id uuid, p_answers bytea,
    p_talk bytea, p_talk_seed bytea, p_alert_seconds integer)
    RETURNS TABLE (tip_id uuid, reference text, received_at timestamptz, repeated boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    first record;
    matter uuid := gen_random_uuid();
    alert uuid := gen_random_uuid();
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    -- The same form sent again, however often and in parallel, is the same tip.
    PERFORM pg_advisory_xact_lock(('x' || encode(substr(p_lookup, 1, 8), 'hex'))::bit(64)::bigint);
    RETURN QUERY SELECT t.id, t.reference::text, t.received_at, true
        FROM tips_returncode c JOIN tips_tip t ON t.id = c.tip_id WHERE c.lookup_id = p_lookup;
    IF FOUND THEN
        RETURN;
    END IF;
    -- Edited text from the same page is a tip of its own, on the same matter.
    SELECT t.id, t.matter_id INTO first FROM tips_returncode c JOIN tips_tip t ON t.id = c.tip_id
        WHERE c.page = p_page AND t.district_id = p_district ORDER BY t.received_at LIMIT 1;
    IF first.id IS NULL THEN
        INSERT INTO places_matter (id, district_id, restricted) VALUES (matter, p_district, false);
    ELSE
        matter := first.matter_id;
    END IF;
    INSERT INTO tips_tip (id, reference, center_id, district_id, school_id, matter_id, state, tile,
        priority, rank, happening_now, mandated, language, channel, received_at, waiting_since,
        changed_at, likeness, junk, resent_from_id, turns, disposition, ended_by_reporter, inbox_public)
    VALUES (p_tip, p_reference, p_center, p_district, p_school, matter, 'new', p_tile,
        p_priority, p_rank, p_now, p_mandated, p_language, p_channel, at, at,
        at, p_likeness, p_likeness IS NOT NULL, first.id, 2, '', false, p_inbox);
    INSERT INTO tips_returncode
        (lookup_id, page, tip_id, district_id, pepper_version, list_version, wrapped)
        VALUES (p_lookup, p_page, p_tip, p_district, 1, 1, p_wrapped);
    INSERT INTO vault_shredkey (subject, district_id, file_version, wrapped)
        VALUES (p_tip, p_district, p_shred_version, p_shred);
    INSERT INTO vault_grant
        (tip_id, district_id, audience, circle, holder, key_version, blob) VALUES
        (p_tip, p_district, 'dialog', p_tip, p_holder, p_key_version, p_dialog_grant),
        (p_tip, p_district, 'center', p_tip, p_holder, p_key_version, p_center_grant);
    INSERT INTO tips_message (id, tip_id, district_id, author, kind, sealed, at, turn, hidden) VALUES
        (p_message, p_tip, p_district, 'reporter', 'text', p_text, at, 1, false),
        (p_answers_id, p_tip, p_district, 'reporter', 'answers', p_answers, at, 2, false);
    INSERT INTO tips_talk (token_hash, tip_id, district_id, sealed_seed, ends_at)
        VALUES (p_talk, p_tip, p_district, p_talk_seed,
                date_trunc('minute', at) + interval '31 minutes');
    INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,
        holders, state, opened_at)
        VALUES (alert, p_tip, matter, p_reference, p_district, p_priority, ARRAY[p_holder], 'open', at);
    INSERT INTO escalations_step
        (alert_id, district_id, number, target, due_at, repeat_seconds, round, state)
        VALUES (alert, p_district, 1, 'center', at + make_interval(secs => p_alert_seconds),
                p_alert_seconds, 1, 'due');
    INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
        detail) VALUES ('reporter', 'tip filed', 'tip', p_tip::text, p_district, matter,
        jsonb_build_object('reference', p_reference, 'priority', p_priority, 'tile', p_tile));
    RETURN QUERY SELECT p_tip, p_reference, at, false;
END $$;

-- What a return code opens. An unknown code and a wrong one are the same empty answer.
CREATE FUNCTION api.talk_by_code(p_lookup bytea)
    RETURNS TABLE (tip_id uuid, district_id bigint, wrapped bytea, shred bytea, shred_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.tip_id, c.district_id, c.wrapped, s.wrapped, s.file_version
    FROM tips_returncode c JOIN vault_shredkey s ON s.subject = c.tip_id
    WHERE c.lookup_id = p_lookup
$$;

CREATE FUNCTION api.talk_start(p_lookup bytea, p_talk bytea, p_seed bytea) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (DELETE FROM tips_talk WHERE ends_at < api.clock_now()),
    made AS (INSERT INTO tips_talk (token_hash, tip_id, district_id, sealed_seed, ends_at)
        SELECT p_talk, c.tip_id, c.district_id, p_seed,
               date_trunc('minute', api.clock_now()) + interval '31 minutes'
        FROM tips_returncode c WHERE c.lookup_id = p_lookup RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM made)
$$;

CREATE FUNCTION api.talk(p_talk bytea)
    RETURNS TABLE (tip_id uuid, district_id bigint, school_id bigint, state text, tile text,
        language text, ended boolean, disposition text, received_at timestamptz,
        first_read boolean, sealed_seed bytea, messages jsonb, files jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE tips_talk SET ends_at = date_trunc('minute', api.clock_now()) + interval '31 minutes'
        WHERE token_hash = p_talk AND ends_at > api.clock_now()
          AND ends_at < api.clock_now() + interval '29 minutes';
    RETURN QUERY SELECT t.id, t.district_id, t.school_id, t.state::text, t.tile::text,
        t.language::text, t.ended_by_reporter, t.disposition::text, t.received_at,
        t.first_read_at IS NOT NULL, k.sealed_seed,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'author', m.author,
            'kind', m.kind, 'sealed', encode(m.sealed, 'hex'), 'at', m.at, 'hidden', m.hidden)
            ORDER BY m.turn), '[]'::jsonb)
            FROM tips_message m WHERE m.tip_id = t.id),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'state', a.state,
            'sealed', encode(a.sealed, 'hex'), 'at', a.at) ORDER BY a.at), '[]'::jsonb)
            FROM tips_attachment a WHERE a.tip_id = t.id)
    FROM tips_talk k JOIN tips_tip t ON t.id = k.tip_id
    WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
END $$;

CREATE FUNCTION api.talk_add(p_talk bytea, p_message uuid, p_kind text, p_sealed bytea)
    RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT t.id, t.district_id, t.matter_id, t.state, t.turns INTO of_tip FROM tips_talk k
        JOIN tips_tip t ON t.id = k.tip_id
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() FOR UPDATE OF t;
    IF of_tip.id IS NULL OR p_kind NOT IN ('text', 'answers') OR length(p_sealed) > 70000 THEN
        RETURN NULL;
    END IF;
    INSERT INTO tips_message (id, tip_id, district_id, author, kind, sealed, at, turn, hidden)
        VALUES (p_message, of_tip.id, of_tip.district_id, 'reporter', p_kind, p_sealed, at,
                of_tip.turns + 1, false)
        ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN at;
    END IF;
    UPDATE tips_tip SET changed_at = at, waiting_since = coalesce(waiting_since, at),
        ended_by_reporter = false, turns = turns + 1,
        state = CASE WHEN state = 'closed' THEN 'returned' ELSE state END
        WHERE id = of_tip.id;
    INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
        detail) VALUES ('reporter', 'message added', 'tip', of_tip.id::text, of_tip.district_id,
        of_tip.matter_id, jsonb_build_object('kind', p_kind));
    RETURN at;
END $$;

-- Raising the priority after the follow-up answers: it can only rise, never fall.
CREATE FUNCTION api.talk_raise(p_talk bytea, p_priority text, p_rank smallint, p_now boolean,
    p_mandated boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip record;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT t.id, t.district_id, t.matter_id, t.rank INTO of_tip FROM tips_talk k
        JOIN tips_tip t ON t.id = k.tip_id
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() FOR UPDATE OF t;
    IF of_tip.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE tips_tip SET happening_now = happening_now OR p_now, mandated = mandated OR p_mandated
        WHERE id = of_tip.id;
    -- IS DISTINCT: a rank that is none has no name, and NULL would let it pass.
    IF p_rank >= of_tip.rank OR p_priority IS DISTINCT FROM
        (ARRAY['life_safety', 'urgent', 'routine'])[p_rank + 1] THEN
        RETURN false;
    END IF;
    UPDATE tips_tip SET priority = p_priority, rank = p_rank,
        changed_at = date_trunc('second', api.clock_now()) WHERE id = of_tip.id;
    UPDATE escalations_alert SET priority = p_priority
        WHERE subject_id = of_tip.id AND state = 'open';
    UPDATE escalations_step s SET due_at = least(s.due_at, api.clock_now() + interval '60 seconds')
        FROM escalations_alert a WHERE a.id = s.alert_id AND a.subject_id = of_tip.id
        AND s.state = 'due' AND p_rank = 0;
    INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
        detail) VALUES ('reporter', 'priority raised by answers', 'tip', of_tip.id::text,
        of_tip.district_id, of_tip.matter_id, jsonb_build_object('priority', p_priority));
    RETURN true;
END $$;

CREATE FUNCTION api.talk_hide(p_talk bytea, p_message uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH hidden AS (
        UPDATE tips_message m SET hidden = true FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() AND m.tip_id = k.tip_id
          AND m.id = p_message
        RETURNING m.tip_id, m.district_id),
    noted AS (
        INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id,
            matter_id, detail)
        SELECT 'reporter', 'message hidden on their side', 'tip', h.tip_id::text, h.district_id,
            t.matter_id, '{}' FROM hidden h JOIN tips_tip t ON t.id = h.tip_id)
    SELECT EXISTS (SELECT 1 FROM hidden)
$$;

CREATE FUNCTION api.talk_end(p_talk bytea) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH ended AS (
        UPDATE tips_tip t SET ended_by_reporter = true,
            changed_at = date_trunc('second', api.clock_now())
        FROM tips_talk k WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now()
          AND t.id = k.tip_id RETURNING t.id, t.district_id, t.matter_id),
    gone AS (DELETE FROM tips_talk WHERE token_hash = p_talk),
    noted AS (
        INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id,
            matter_id, detail)
        SELECT 'reporter', 'conversation ended by reporter', 'tip', id::text, district_id,
            matter_id, '{}' FROM ended)
    SELECT EXISTS (SELECT 1 FROM ended)
$$;

CREATE FUNCTION api.talk_close(p_talk bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM tips_talk WHERE token_hash = p_talk
$$;

CREATE FUNCTION api.talk_attach(p_talk bytea, p_attachment uuid, p_sealed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT t.id, t.district_id, t.matter_id INTO of_tip FROM tips_talk k
        JOIN tips_tip t ON t.id = k.tip_id
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() FOR UPDATE OF t;
    IF of_tip.id IS NULL OR (SELECT count(*) FROM tips_attachment WHERE tip_id = of_tip.id) >= 40 THEN
        RETURN false;
    END IF;
    INSERT INTO tips_attachment (id, tip_id, district_id, state, sealed, at)
        VALUES (p_attachment, of_tip.id, of_tip.district_id, 'ready', p_sealed, at)
        ON CONFLICT (id) DO NOTHING;
    UPDATE tips_tip SET changed_at = at, waiting_since = coalesce(waiting_since, at)
        WHERE id = of_tip.id;
    INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
        detail) VALUES ('reporter', 'file added', 'tip', of_tip.id::text, of_tip.district_id,
        of_tip.matter_id, jsonb_build_object('attachment', p_attachment));
    RETURN true;
END $$;

-- The moves of upstander/tips/states.py (a test compares the two). A plain trigger, because
-- pgtrigger's can be switched off by a setting that any session may set.
CREATE FUNCTION tips_tip_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (ARRAY[
        'new>claimed', 'claimed>new', 'claimed>handed_off', 'claimed>closed',
        'handed_off>returned', 'handed_off>closed', 'returned>claimed', 'returned>handed_off',
        'returned>closed', 'closed>returned', 'closed>claimed', 'closed>handed_off'])
    THEN
        RAISE EXCEPTION 'a tip does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tips_tip_moves BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW EXECUTE FUNCTION tips_tip_moves();

ALTER TABLE tips_tip ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_returncode ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_talk ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_recipient ENABLE ROW LEVEL SECURITY;
ALTER TABLE tips_subject ENABLE ROW LEVEL SECURITY;

-- Center staff: the tips of the districts they serve, but for those that they are barred from.
CREATE POLICY center ON tips_tip TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))
    WITH CHECK (EXISTS (SELECT 1 FROM places_matter m
                        WHERE m.id = matter_id AND m.district_id = tips_tip.district_id));
-- School staff: the tips that were handed to their team or to them.
CREATE POLICY school ON tips_tip TO upstander_school
    USING (id IN (SELECT tip_id FROM tips_recipient
                  WHERE holder = ANY ((SELECT api.scope_holders())::text[]))
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));
-- A district's lead: what has reached the district's teams; its words only if handed to them, and
-- only then is it theirs to change.
CREATE POLICY district_works ON tips_tip FOR UPDATE TO upstander_district
    USING (id IN (SELECT tip_id FROM tips_recipient
                  WHERE holder = ANY ((SELECT api.scope_holders())::text[]))
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));
CREATE POLICY district ON tips_tip FOR SELECT TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[])
           AND id IN (SELECT tip_id FROM tips_recipient)
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));

-- Tips of matters that the session's person must not see, for tables that name only the tip.
CREATE FUNCTION api.barred_tips() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM tips_tip t
    WHERE t.matter_id = ANY (api.barred_matters())
$$;
GRANT EXECUTE ON FUNCTION api.barred_tips() TO upstander_center, upstander_school,
    upstander_district;

-- Grants too: one made to a team before its member was accused is not that member's to fetch.
ALTER POLICY mine_upstander_center ON vault_grant
    USING (holder = ANY ((SELECT api.scope_holders())::text[])
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));
ALTER POLICY mine_upstander_school ON vault_grant
    USING (holder = ANY ((SELECT api.scope_holders())::text[])
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));
ALTER POLICY mine ON vault_grant
    USING (holder = ANY ((SELECT api.scope_holders())::text[])
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));

-- A center writes grants and recipients of the tips it sees, and takes away its own grants only.
ALTER POLICY center_writes ON vault_grant
    WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x
                        WHERE x.id = tip_id AND x.district_id = vault_grant.district_id));
ALTER POLICY center_removes ON vault_grant
    USING (holder = ANY ((SELECT api.scope_holders())::text[])
           AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));
ALTER POLICY center ON vault_shredkey
    USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = subject));
CREATE POLICY center ON tips_recipient TO upstander_center
    USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
    WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x
                        WHERE x.id = tip_id AND x.district_id = tips_recipient.district_id));
CREATE POLICY school ON tips_recipient TO upstander_school
    USING (holder = ANY ((SELECT api.scope_holders())::text[])
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));
CREATE POLICY district ON tips_recipient FOR SELECT TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[])
           AND NOT (tip_id = ANY ((SELECT api.barred_tips())::uuid[])));
CREATE POLICY district_own ON tips_recipient FOR UPDATE TO upstander_district
    USING (holder = ANY ((SELECT api.scope_holders())::text[]));
CREATE POLICY district_leaves ON tips_recipient FOR DELETE TO upstander_district
    USING (holder = ANY ((SELECT api.scope_holders())::text[]));

-- What belongs to a tip is seen by those who see the tip (the subquery obeys the tip's policy).
DO $$
DECLARE
    r text;
    t text;
BEGIN
    FOREACH r IN ARRAY ARRAY['center', 'school', 'district'] LOOP
        FOREACH t IN ARRAY ARRAY['tips_note', 'tips_draft'] LOOP
            EXECUTE format('CREATE POLICY %I ON %I TO upstander_%s
                USING (audience = %L AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
                WITH CHECK (audience = %L AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))',
                r, t, r, CASE r WHEN 'center' THEN 'center' ELSE 'case' END,
                CASE r WHEN 'center' THEN 'center' ELSE 'case' END);
        END LOOP;
        EXECUTE format('GRANT SELECT, INSERT ON tips_message, tips_note TO upstander_%s', r);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON tips_draft TO upstander_%s', r);
        EXECUTE format('GRANT SELECT, UPDATE (state) ON tips_attachment TO upstander_%s', r);
        EXECUTE format('GRANT SELECT ON tips_tip, tips_recipient TO upstander_%s', r);
        EXECUTE format('GRANT UPDATE (state, changed_at, waiting_since, first_reply_at, turns,
            disposition) ON tips_tip TO upstander_%s', r);
    END LOOP;
END $$;
GRANT UPDATE (claimed_by, claimed_at, first_read_at, priority, rank, mandated, school_id,
    matter_id, junk) ON tips_tip TO upstander_center;
GRANT INSERT, DELETE ON tips_recipient TO upstander_center;
GRANT DELETE ON tips_recipient TO upstander_school, upstander_district;
-- The center's brief of a hand-off is written twice: sealed for itself, and for the school.
CREATE POLICY center_brief ON tips_note FOR INSERT TO upstander_center
    WITH CHECK (kind = 'brief' AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));
-- A team that sends a tip back says why, sealed to the center's inbox.
CREATE POLICY sends_back ON tips_note FOR INSERT TO upstander_school
    WITH CHECK (kind = 'returned' AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));
CREATE POLICY sends_back_district ON tips_note FOR INSERT TO upstander_district
    WITH CHECK (kind = 'returned' AND EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));
GRANT SELECT, INSERT ON tips_subject TO upstander_center;
CREATE POLICY center ON tips_subject TO upstander_center
    USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
    WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));

-- The reporter's own words from before the hand-off reach a school only when its recipient row says
-- so (asked for, with a recorded reason). What is written afterwards is theirs to read.
DO $$
DECLARE
    r text;
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['tips_message', 'tips_attachment'] LOOP
        EXECUTE format('CREATE POLICY center ON %I TO upstander_center
            USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
            WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', t);
    END LOOP;
    FOREACH r IN ARRAY ARRAY['school', 'district'] LOOP
        EXECUTE format('CREATE POLICY %I ON tips_message TO upstander_%s
            USING (EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id
                WHERE x.id = tips_message.tip_id
                  AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                  AND (y.with_words OR tips_message.at > y.since
                       OR tips_message.author = ''school'')))', r, r);
        EXECUTE format('CREATE POLICY %I ON tips_attachment TO upstander_%s
            USING (EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id
                WHERE x.id = tips_attachment.tip_id
                  AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                  AND (y.with_words OR tips_attachment.at > y.since)))', r, r);
        EXECUTE format('GRANT UPDATE (with_words) ON tips_recipient TO upstander_%s', r);
    END LOOP;
END $$;

-- Everybody writes in their own name, and a district's lead only where a tip was handed to them.
CREATE POLICY own_name ON tips_message AS RESTRICTIVE FOR INSERT TO upstander_center
    WITH CHECK (author = 'center' AND person_id = (SELECT api.scope_person()));
CREATE POLICY own_name_team ON tips_message AS RESTRICTIVE FOR INSERT
    TO upstander_school, upstander_district
    WITH CHECK (author = 'school' AND person_id = (SELECT api.scope_person()));
CREATE POLICY own_name ON tips_note AS RESTRICTIVE FOR INSERT
    TO upstander_center, upstander_school, upstander_district
    WITH CHECK (person_id = (SELECT api.scope_person()));
CREATE POLICY handed ON tips_note AS RESTRICTIVE FOR INSERT TO upstander_district
    WITH CHECK (tip_id IN (SELECT y.tip_id FROM tips_recipient y
                           WHERE y.holder = ANY ((SELECT api.scope_holders())::text[])));

-- Keys of a tip that was handed over.
CREATE POLICY school ON vault_shredkey FOR SELECT TO upstander_school
    USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = subject));
CREATE POLICY district ON vault_shredkey FOR SELECT TO upstander_district
    USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = subject));
CREATE POLICY school ON places_matter TO upstander_school
    USING (id IN (SELECT matter_id FROM tips_tip));
CREATE POLICY seen ON places_matterbar FOR SELECT TO upstander_school
    USING (matter_id IN (SELECT matter_id FROM tips_tip));
CREATE POLICY school ON audit_entry FOR SELECT TO upstander_school
    USING (subject_kind = 'tip' AND subject_id IN (SELECT id::text FROM tips_tip));

GRANT EXECUTE ON FUNCTION api.file_tip, api.talk_by_code, api.talk_start, api.talk, api.talk_add,
    api.talk_raise, api.talk_hide, api.talk_end, api.talk_close, api.talk_attach
    TO upstander_public;
