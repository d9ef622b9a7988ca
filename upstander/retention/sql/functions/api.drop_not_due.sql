-- What has been listed and was opened again, is held, or is kept by another rule by now, is due no
-- more; nor what no rule lets go any more.
CREATE OR REPLACE FUNCTION api.drop_not_due(p_limit integer, p_rules jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    dropped integer;
BEGIN
    UPDATE retention_item SET state = 'dropped' WHERE id IN (
        SELECT i.id FROM retention_item i LEFT JOIN tips_tip t ON t.id = i.subject
            LEFT JOIN cases_case c ON c.id = i.subject
        WHERE i.state IN ('due', 'proposed', 'agreed')
          AND (t.state <> 'closed' OR t.changed_at <> i.ended_at OR c.state <> 'closed'
               OR retention_held(p_district => i.district_id, p_school => i.school_id,
                   p_subject => i.subject, p_matter => i.matter_id)
               OR NOT retention_lets_go(p_rules => p_rules, p_rule => i.rule,
                   p_district => i.district_id, p_subject => i.subject, p_matter => i.matter_id)
               OR NOT EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = i.subject))
        LIMIT p_limit FOR UPDATE OF i SKIP LOCKED);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END $$;

GRANT EXECUTE ON FUNCTION api.drop_not_due TO upstander_worker;
