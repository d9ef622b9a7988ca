-- Whether somebody has had a subject's words before them since then: by a page that shows them. A
-- press opens them too, for what it keeps, and shows nobody a word.
CREATE OR REPLACE FUNCTION audit_opened(p_kind text, p_subject uuid, p_person bigint,
    p_since timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM audit_entry e
        WHERE e.subject_kind = p_kind AND e.subject_id = p_subject::text
          AND e.action = p_kind || ' opened' AND e.actor_kind = 'staff' AND e.actor_id = p_person
          AND e.at >= p_since AND e.detail->>'purpose' = ANY ('{read,dispatch sheet}'))
$$;
