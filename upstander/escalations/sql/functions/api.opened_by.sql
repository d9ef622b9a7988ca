-- Which person of a subject's center was the last to open its words since then, to read them; NULL:
-- nobody. p_only: this person, or nobody. The worker, who reads no tip and no record, asks so that
-- it rings only for what is unread.
CREATE OR REPLACE FUNCTION api.opened_by(p_subject uuid, p_since timestamptz,
    p_only bigint DEFAULT NULL)
    RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.actor_id FROM audit_entry e
    WHERE e.subject_kind = 'tip' AND e.subject_id = p_subject::text AND e.action = 'tip opened'
      AND e.actor_kind = 'staff' AND e.at >= p_since
      AND (p_only IS NULL OR e.actor_id = p_only)
      AND e.detail->>'purpose' = ANY ('{read,dispatch sheet}')
      AND EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
                  WHERE m.person_id = e.actor_id AND t.kind = 'center')
    ORDER BY e.id DESC LIMIT 1
$$;

GRANT EXECUTE ON FUNCTION api.opened_by TO upstander_worker;
