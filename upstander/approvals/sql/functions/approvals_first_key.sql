-- Whether somebody may join a team: an administrator, and whoever makes a team's first key, when a
-- supervisor of the center that serves its district now has agreed to them (no district: of one
-- that stands), within thirty days. An installation's first center has nobody who could.
CREATE OR REPLACE FUNCTION approvals_first_key(p_team bigint, p_email text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.kind <> 'administration'
            AND EXISTS (SELECT 1 FROM vault_holderkey k WHERE k.holder = 'team:' || t.id)
        OR t.kind = 'center' AND NOT EXISTS (SELECT 1 FROM people_team c
            JOIN vault_holderkey k ON k.holder = 'team:' || c.id WHERE c.kind = 'center')
        OR EXISTS (SELECT 1 FROM approvals_approval a
            LEFT JOIN places_district d ON d.id = t.district_id
            WHERE a.kind = 'first_key' AND a.subject = 'team:' || t.id AND a.outcome = 'approved'
              AND a.about = lower(p_email) AND a.decided_at > api.clock_now() - interval '30 days'
              AND a.center_id = coalesce(d.center_id, a.center_id)
              AND a.center_id IS DISTINCT FROM t.center_id AND api.approval_stands(a.id))
    FROM people_team t WHERE t.id = p_team
$$;
