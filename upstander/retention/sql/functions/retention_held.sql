CREATE OR REPLACE FUNCTION retention_held(p_district bigint, p_school bigint, p_subject uuid,
    p_matter uuid)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM retention_hold h
        WHERE h.lifted_at IS NULL AND (h.until IS NULL OR h.until > api.clock_now())
          AND h.district_id = p_district
          AND (h.matter_id IS NULL AND (h.school_id IS NULL OR h.school_id = p_school)
               OR h.matter_id IN (SELECT retention_matters(p_subject, p_matter))))
$$;
