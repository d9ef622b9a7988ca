-- Whoever holds a link has completed its course today: the link is used up. Returns the
-- completion's id; NULL: the link was over.
CREATE OR REPLACE FUNCTION api.complete_by_link(p_link text, p_version text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH used AS (
        UPDATE training_due d SET used_at = api.clock_now() FROM api.training_link(p_link) l
        WHERE d.id = l.due AND d.used_at IS NULL RETURNING l.*),
    done AS (
        INSERT INTO training_completion (employee_id, course, version, completed_on, recorded_at,
            way)
        SELECT employee, course, p_version, training_today(district), api.clock_now(), 'link'
        FROM used RETURNING id),
    noted AS (
        SELECT audit_record(p_actor_kind => 'system', p_action => 'training completed',
            p_subject_kind => 'training', p_subject_id => used.employee::text,
            p_district_id => used.district, p_matter_id => NULL,
            p_detail => jsonb_build_object('course', used.course, 'way', 'link')),
            done.id
        FROM used, done)
    SELECT id FROM noted
$$;

GRANT EXECUTE ON FUNCTION api.complete_by_link TO upstander_signin;
