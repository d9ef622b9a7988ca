-- Whether a reporter wrote on a closed tip and nobody has opened its words since. The record tells:
-- its own state says only that it came back.
CREATE OR REPLACE FUNCTION tips_unread_again(p_tip uuid) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH ended AS (
        SELECT e.id, e.action FROM audit_entry e
        WHERE e.subject_kind = 'tip' AND e.subject_id = p_tip::text
          AND e.action = ANY ('{tip closed,tip sent back to the center}')
        ORDER BY e.id DESC LIMIT 1
    ), wrote AS (
        SELECT min(e.id) AS id FROM audit_entry e, ended
        WHERE e.subject_kind = 'tip' AND e.subject_id = p_tip::text AND e.id > ended.id
          AND e.actor_kind = 'reporter' AND ended.action = 'tip closed'
          AND e.action = ANY ('{message added,file added}')
    )
    SELECT wrote.id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM audit_entry e
        WHERE e.subject_kind = 'tip' AND e.subject_id = p_tip::text AND e.id > wrote.id
          AND e.action = 'tip opened' AND e.detail->>'purpose' = ANY ('{read,dispatch sheet}'))
    FROM wrote
$$;
