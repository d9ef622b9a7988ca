-- Whether a rule lets something go now: it is the rule for what that is about, an administrator has
-- confirmed what it says and, where it says a number of years, typed in the district's. ``p_rules``
-- is what each State's schedule says: of each rule what it is about, the digest that must be
-- confirmed, and whether it needs that number.
CREATE OR REPLACE FUNCTION retention_lets_go(p_rules jsonb, p_rule text, p_district bigint,
    p_subject uuid, p_matter uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT
        mandated_confirmed(p_rule_set => r.one ->> 'file', p_fact => p_rule,
            p_digest => r.one ->> 'digest')
        AND (r.one ->> 'schedule' = 'false' OR coalesce((SELECT p.years IS NOT NULL
            FROM retention_period p WHERE p.district_id = p_district AND p.rule = p_rule
            ORDER BY p.id DESC LIMIT 1), false))
        AND (r.one ->> 'about' = 'any'
            OR r.one ->> 'about' = retention_about(p_subject => p_subject, p_matter => p_matter))
        FROM (SELECT p_rules -> d.state -> p_rule AS one FROM places_district d
            WHERE d.id = p_district) r WHERE r.one IS NOT NULL), false)
$$;
