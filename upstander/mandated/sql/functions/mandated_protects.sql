-- Whether a duty is one to child protection: its rule has questioning wait, which every such rule
-- does and no other (rule_sets).
CREATE OR REPLACE FUNCTION mandated_protects(p_duty uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM matters_matterhold h WHERE h.by = p_duty)
$$;
