-- Whether a rule lets something go now: it is the rule for what that is about, and an administrator
-- has typed in the district's number of years, or confirmed what the rule says. ``p_rules`` is what
-- the shipped schedule says: of each rule what it is about, and the digest that must be confirmed.
CREATE OR REPLACE FUNCTION retention_lets_go(p_rules jsonb, p_rule text, p_district bigint,
    p_subject uuid, p_matter uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT
        CASE WHEN r.one ->> 'digest' IS NULL THEN coalesce((SELECT p.years IS NOT NULL
            FROM retention_period p WHERE p.district_id = p_district AND p.rule = p_rule
            ORDER BY p.id DESC LIMIT 1), false)
        ELSE mandated_confirmed(p_rule_set => r.one ->> 'file', p_fact => p_rule,
            p_digest => r.one ->> 'digest') END
        AND (r.one ->> 'about' = 'any'
            OR r.one ->> 'about' = retention_about(p_subject => p_subject, p_matter => p_matter))
        FROM (SELECT p_rules -> p_rule AS one) r WHERE r.one IS NOT NULL), false)
$$;
