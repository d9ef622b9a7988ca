-- Lists what one rule says is due in one district; returns how many. A rule that nobody has
-- confirmed lists nothing. The worker's.
CREATE OR REPLACE FUNCTION api.list_due(p_kind text, p_rule text, p_district bigint,
    p_before timestamptz,
    p_life boolean, p_dispositions text[], p_except text[], p_rules jsonb, p_limit integer)
    RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    listed integer;
BEGIN
    IF p_district = api.probe_part('district') THEN
        RETURN 0;
    END IF;
    INSERT INTO retention_item (id, kind, subject, district_id, school_id, matter_id, rule,
        ended_at,
        listed_at, state)
    SELECT gen_random_uuid(), p_kind, e.subject, p_district, e.school_id, e.matter_id, p_rule,
        e.ended_at, date_trunc('second', api.clock_now()), 'due'
    FROM retention_ended(p_kind => p_kind, p_district => p_district, p_before => p_before) e
    WHERE (p_life IS NULL OR e.life = p_life)
      AND (cardinality(p_dispositions) = 0 OR e.disposition = ANY (p_dispositions))
      AND NOT (e.disposition = ANY (p_except))
      AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = e.subject)
      AND NOT EXISTS (SELECT 1 FROM retention_item i WHERE i.subject = e.subject
                      AND i.state <> 'dropped')
      AND retention_lets_go(p_rules => p_rules, p_rule => p_rule, p_district => p_district,
          p_subject => e.subject, p_matter => e.matter_id)
      AND NOT retention_held(p_district => p_district, p_school => e.school_id,
          p_subject => e.subject, p_matter => e.matter_id)
    LIMIT p_limit
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS listed = ROW_COUNT;
    RETURN listed;
END $$;

GRANT EXECUTE ON FUNCTION api.list_due TO upstander_worker;
