-- Who has made a first report to child protection in a matter. Not who stepped aside afterwards:
-- they are accused of nothing.
CREATE OR REPLACE FUNCTION api.reporters(p_matter uuid) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
    SELECT DISTINCT d.person_id FROM mandated_duty d
    WHERE d.matter_id IN (SELECT matters_same_matter(p_matter)) AND d.first_at IS NOT NULL
      AND mandated_protects(d.id)
      AND NOT EXISTS (SELECT 1 FROM audit_entry e JOIN tips_tip t ON e.subject_id = t.id::text
          WHERE t.matter_id IN (SELECT matters_same_matter(p_matter)) AND e.subject_kind = 'tip'
            AND e.action = 'recused themselves' AND e.actor_id = d.person_id)
$$;

GRANT EXECUTE ON FUNCTION api.reporters TO upstander_worker;
