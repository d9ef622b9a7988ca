-- What a call was filed as turns out to be about an earlier tip, whose code its caller gave: it
-- goes on there. The call's own is set aside and rings for nobody, but where it says that a life is
-- in danger: that stays until two persons say otherwise. False: somebody has taken the call, or it
-- can't go on there. p_inbox: to what the earlier one's later turns are sealed.
CREATE OR REPLACE FUNCTION tips_goes_on(p_tip uuid, p_to uuid, p_inbox bytea) RETURNS boolean
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    came record;
    earlier record;
BEGIN
    -- In one order, so that two calls that come back to each other's tips do not wait for ever.
    PERFORM t.id FROM tips_tip t WHERE t.id = p_tip OR t.id = p_to ORDER BY t.id FOR UPDATE;
    SELECT t.id, t.district_id, t.center_id, t.matter_id, t.rank, t.reference INTO came
        FROM tips_tip t WHERE t.id = p_tip AND t.channel = 'voice' AND t.state = 'new'
          AND t.resent_from_id IS NULL AND t.received_at > at - interval '1 hour';
    SELECT t.id, t.district_id, t.matter_id, t.reference INTO earlier
        FROM tips_tip t WHERE t.id = p_to AND t.id <> p_tip AND t.center_id = came.center_id;
    IF came.id IS NULL OR earlier.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE tips_tip SET inbox_public = p_inbox WHERE id = p_to AND length(inbox_public) = 0;
    UPDATE tips_tip SET resent_from_id = p_to, changed_at = at WHERE id = p_tip;
    IF came.rank > 0 THEN
        -- By the moves that a tip has; nobody stands as having claimed it.
        UPDATE tips_tip SET state = 'claimed' WHERE id = p_tip;
        UPDATE tips_tip SET state = 'closed', disposition = 'duplicate', waiting_since = NULL
            WHERE id = p_tip;
        PERFORM escalations_end(p_subject => p_tip);
    END IF;
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'goes on in an earlier tip',
        p_subject_kind => 'tip', p_subject_id => p_tip::text, p_district_id => came.district_id,
        p_matter_id => came.matter_id, p_detail => jsonb_build_object('reference',
        earlier.reference));
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'came back by phone',
        p_subject_kind => 'tip', p_subject_id => p_to::text, p_district_id => earlier.district_id,
        p_matter_id => earlier.matter_id, p_detail => '{}'::jsonb);
    RETURN true;
END $$;
