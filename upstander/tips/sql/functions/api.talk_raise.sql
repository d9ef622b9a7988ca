-- Raising the priority after the follow-up answers: it can only rise, never fall. p_graver: they
-- say something of a life in danger that was not said before. p_not_see: they say of somebody that
-- they must not see it, and that was not said before; it waits to be settled, from the turn on at
-- which the answers come next. While nobody has opened the words, the row says whom it is about and
-- whether a place was given (tips_unread): it says so of what was answered later, too.
CREATE OR REPLACE FUNCTION api.talk_raise(p_talk bytea, p_priority text, p_rank smallint,
    p_now boolean,
    p_mandated boolean, p_not_see boolean, p_asks_911 boolean DEFAULT false,
    p_graver boolean DEFAULT false, p_soon boolean DEFAULT false,
    p_about_me boolean DEFAULT NULL, p_about_group boolean DEFAULT false,
    p_place_given boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT t.id, t.district_id, t.matter_id, t.rank, t.junk INTO of_tip FROM tips_talk k
        JOIN tips_tip t ON t.id = k.tip_id
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() FOR UPDATE OF t;
    IF of_tip.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE tips_tip SET happening_now = happening_now OR p_now, soon = soon OR p_soon,
        mandated = mandated OR p_mandated,
        not_see = not_see OR p_not_see,
        not_see_turn = CASE WHEN p_not_see THEN turns + 1 ELSE not_see_turn END
        WHERE id = of_tip.id;
    UPDATE tips_unread SET about_me = coalesce(p_about_me, about_me),
        about_group = CASE WHEN p_about_me IS NULL THEN about_group ELSE p_about_group END,
        place_given = place_given OR p_place_given
        WHERE tip_id = of_tip.id;
    PERFORM escalations_tell(p_subject => of_tip.id, p_kind => 'assessed', p_at => at,
        p_now => p_now, p_mandated => p_mandated, p_asks_911 => p_asks_911,
        p_graver => p_graver OR p_rank < of_tip.rank);
    -- IS DISTINCT: a rank that is none has no name, and NULL would let it pass.
    IF p_rank >= of_tip.rank OR p_priority IS DISTINCT FROM
        (ARRAY['life_safety', 'urgent', 'routine'])[p_rank + 1] THEN
        RETURN false;
    END IF;
    UPDATE tips_tip SET priority = p_priority, rank = p_rank,
        changed_at = at WHERE id = of_tip.id;
    -- Whoever has it is told, and the steps are those of the new priority: the worker does both.
    PERFORM escalations_tell(p_subject => of_tip.id, p_kind => 'assessed', p_at => at,
        p_priority => p_priority);
    -- Whoever called it junk has it no longer than until then: the others are asked at once.
    IF of_tip.junk AND p_rank = 0 THEN
        PERFORM escalations_tell(p_subject => of_tip.id, p_kind => 'woken', p_at => at);
    END IF;
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'priority raised by answers',
        p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
        p_detail => jsonb_build_object('priority', p_priority));
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.talk_raise TO upstander_public;
