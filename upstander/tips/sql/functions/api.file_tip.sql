-- The narrow waist: everything that the public process may do is one of these functions. They run
-- with the owner's rights and check their own arguments; the public role has no table.
--
-- Which tip came first from the same page? Asked as one join with LIMIT 1, PostgreSQL went through
-- all of a district's tips in the order of their arrival, looking for a page that (nearly always)
-- none of them came from. So the page's own index answers, and OFFSET 0 keeps the planner from
-- turning it round again. And a form that was sent twice is known by its return code's unique key,
-- with no lock besides.
--
-- Many may write from one place because there is one who writes junk, or because there is one
-- school and all of it saw the same. No software can tell, so what says that a life is in danger is
-- never set aside: it keeps its mark, stands after what came alone, and its pages go out after
-- those of the others. So with what comes in the same words for the third time and on, from
-- anywhere (p_said_before). What is quite equal (p_same_words) is one row on the queue.
CREATE OR REPLACE FUNCTION api.file_tip(
    p_tip uuid, p_reference text, p_lookup bytea, p_page bytea, p_wrapped bytea,
    p_shred bytea, p_shred_version integer, p_shred_mark bytea, p_center bigint, p_district bigint,
        p_school bigint,
    p_tile text, p_priority text, p_rank smallint, p_now boolean, p_mandated boolean,
    p_language text, p_channel text, p_similarity bytea, p_inbox bytea,
    p_holder text, p_key_version integer, p_dialog_grant bytea, p_center_grant bytea,
    p_message uuid, p_text bytea, p_answers_id uuid, p_answers bytea,
    p_talk bytea, p_talk_seed bytea, p_alert_seconds integer,
    p_not_see boolean, p_asks_911 boolean DEFAULT false, p_same_words bytea DEFAULT NULL,
    p_said_before smallint DEFAULT 0,
    p_about_me boolean DEFAULT NULL, p_place_given boolean DEFAULT false,
    p_link text DEFAULT NULL, p_to_talk boolean DEFAULT false,
    p_soon boolean DEFAULT false, p_about_group boolean DEFAULT false)
    RETURNS TABLE (tip_id uuid, reference text, received_at timestamptz, repeated boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    same_page uuid[];
    first_id uuid;
    first_matter uuid;
    matter uuid := gen_random_uuid();
    taken boolean;
    link_matter uuid;
    link_mark bytea;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    IF (p_channel = 'staff') <> (p_link IS NOT NULL) THEN
        RAISE EXCEPTION 'what an adult takes down comes by a link'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- No row: the link is over, and nothing was filed.
    IF p_link IS NOT NULL THEN
        SELECT l.taken, l.matter, l.mark INTO taken, link_matter, link_mark
            FROM tips_take_link(p_link => p_link, p_lookup => p_lookup, p_center => p_center) AS l;
        IF NOT taken THEN
            RETURN;
        END IF;
        matter := coalesce(link_matter, matter);
    END IF;
    -- The same form sent again, however often and in parallel, is the same tip: whoever comes
    -- second waits here for the first. (The code names its tip before there is one: the key waits
    -- too.)
    INSERT INTO tips_returncode
        (lookup_id, page, tip_id, district_id, pepper_version, list_version, wrapped)
        VALUES (p_lookup, p_page, p_tip, p_district, 1, 1, p_wrapped)
        ON CONFLICT (lookup_id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN QUERY SELECT t.id, t.reference::text, t.received_at, true
            FROM tips_returncode c JOIN tips_tip t ON t.id = c.tip_id WHERE c.lookup_id = p_lookup;
        RETURN;
    END IF;
    -- Edited text from the same page is a tip of its own, on the same matter.
    SELECT array_agg(c.tip_id) INTO same_page FROM tips_returncode c
        WHERE c.page = p_page AND c.tip_id <> p_tip;
    IF same_page IS NOT NULL THEN
        SELECT s.id, s.matter_id INTO first_id, first_matter FROM (
            SELECT t.id, t.matter_id, t.resent_from_id, t.received_at FROM tips_tip t
            WHERE t.id = ANY (same_page) AND t.district_id = p_district OFFSET 0) s
            -- Times are whole seconds: among equals the first is the one that names no other.
            ORDER BY s.resent_from_id IS NOT NULL, s.received_at LIMIT 1;
    END IF;
    IF first_id IS NULL THEN
        PERFORM matters_new_matter(p_matter => matter, p_district => p_district);
    ELSE
        matter := first_matter;
    END IF;
    IF link_mark IS NOT NULL THEN
        PERFORM matters_exclude_bound(p_matter => matter, p_district => p_district,
            p_marks => ARRAY[link_mark], p_to => link_matter);
    END IF;
    INSERT INTO tips_tip (id, reference, center_id, district_id, school_id, matter_id, state, tile,
        priority, rank, happening_now, mandated, language, channel, received_at, waiting_since,
        changed_at, similarity, junk, resent_from_id, turns, disposition, in_case,
            ended_by_reporter, inbox_public, not_see, not_see_turn, same_words, said_before,
            to_talk, soon)
    VALUES (p_tip, p_reference, p_center, p_district, p_school, matter, 'new', p_tile,
        p_priority, p_rank, p_now, p_mandated, p_language, p_channel, at, at,
        at, p_similarity, p_similarity IS NOT NULL AND p_rank > 0, first_id, 2, '', '', false,
            p_inbox,
            p_not_see, CASE WHEN p_not_see THEN 2 ELSE 0 END, p_same_words, p_said_before,
            p_to_talk, p_soon);
    INSERT INTO tips_unread (tip_id, district_id, about_me, about_group, place_given)
        VALUES (p_tip, p_district, p_about_me, p_about_group, p_place_given);
    PERFORM vault_keep(p_subject => p_tip, p_district => p_district,
        p_file_version => p_shred_version, p_file_mark => p_shred_mark, p_wrapped => p_shred,
        p_audiences => ARRAY['dialog', 'center'], p_handoff_id => p_tip,
        p_holders => ARRAY[p_holder, p_holder], p_key_versions => ARRAY[p_key_version,
            p_key_version],
        p_blobs => ARRAY[p_dialog_grant, p_center_grant]);
    INSERT INTO tips_message (id, tip_id, district_id, author, kind, sealed, at, turn,
        hidden) VALUES
        (p_message, p_tip, p_district, 'reporter', 'text', p_text, at, 1, false),
        (p_answers_id, p_tip, p_district, 'reporter', 'answers', p_answers, at, 2, false);
    INSERT INTO tips_talk (token_hash, tip_id, district_id, sealed_seed, ends_at)
        VALUES (p_talk, p_tip, p_district, p_talk_seed,
                date_trunc('minute', at) + interval '31 minutes');
    PERFORM escalations_begin(
        p_subject => p_tip, p_matter => matter, p_reference => p_reference,
        p_district => p_district, p_school => p_school, p_priority => p_priority,
        p_now => p_now, p_mandated => p_mandated, p_crowded => p_similarity IS NOT NULL
            OR p_said_before >= 2,
        p_holder => p_holder, p_at => at, p_after => p_alert_seconds,
        p_asks_911 => p_asks_911, p_center_only => p_to_talk,
        p_no_topic => p_tile = '');
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'tip filed',
        p_subject_kind => 'tip',
        p_subject_id => p_tip::text, p_district_id => p_district, p_matter_id => matter,
        p_detail => jsonb_build_object('reference', p_reference, 'priority', p_priority,
            'tile', p_tile));
    RETURN QUERY SELECT p_tip, p_reference, at, false;
END $$;

GRANT EXECUTE ON FUNCTION api.file_tip TO upstander_public;
