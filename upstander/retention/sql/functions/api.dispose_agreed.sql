-- Destroys what two persons have agreed on a day ago; returns what went. Anything that was opened
-- again, is held by now, or goes by no rule any more, stays. The worker's.
CREATE OR REPLACE FUNCTION api.dispose_agreed(p_limit integer, p_rules jsonb)
    RETURNS TABLE (kind text, subject uuid, district_id bigint, matter_id uuid, rule text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    i retention_item%ROWTYPE;
BEGIN
    FOR i IN SELECT * FROM retention_item WHERE state = 'agreed'
        AND agreed_at <= at - interval '1 day'
             ORDER BY agreed_at, id LIMIT p_limit FOR UPDATE SKIP LOCKED LOOP
        -- Nobody opens it again while it goes, and no hold is placed beside us unseen.
        LOCK TABLE retention_hold IN SHARE MODE;
        PERFORM 1 FROM tips_tip t WHERE t.id = i.subject FOR UPDATE;
        PERFORM 1 FROM cases_case c WHERE c.id = i.subject FOR UPDATE;
        IF retention_held(p_district => i.district_id, p_school => i.school_id,
            p_subject => i.subject, p_matter => i.matter_id)
            OR NOT retention_lets_go(p_rules => p_rules, p_rule => i.rule,
                p_district => i.district_id, p_subject => i.subject, p_matter => i.matter_id)
            OR NOT EXISTS (
            SELECT 1 FROM retention_ended(p_kind => i.kind, p_district => i.district_id,
                p_before => i.ended_at + interval '1 second') e
            WHERE e.subject = i.subject AND e.ended_at = i.ended_at) THEN
            UPDATE retention_item SET state = 'dropped' WHERE id = i.id;
            CONTINUE;
        END IF;
        PERFORM retention_forget(i.subject);
        UPDATE retention_item SET state = 'gone', gone_at = at WHERE id = i.id;
        PERFORM audit_record(p_actor_kind => 'system', p_action => 'disposed of',
            p_subject_kind => i.kind, p_subject_id => i.subject::text,
            p_district_id => i.district_id, p_matter_id => i.matter_id,
            p_detail => jsonb_build_object('rule', i.rule, 'proposed_by', i.proposed_by,
                'agreed_by', i.agreed_by));
        RETURN QUERY SELECT i.kind::text, i.subject, i.district_id, i.matter_id, i.rule::text;
    END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION api.dispose_agreed TO upstander_worker;
