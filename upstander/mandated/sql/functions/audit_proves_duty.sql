-- Whether the session's person may know of a duty that the record names, by its own id or its
-- folder's.
CREATE OR REPLACE FUNCTION audit_proves_duty(p_subject text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p_subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AND EXISTS (
        SELECT 1 FROM mandated_duty d
        WHERE (d.id = p_subject::uuid OR d.folder_id = p_subject::uuid)
          AND (d.person_id = api.scope_person() OR api.holds_folder(d.folder_id)
               OR d.district_id = ANY (api.monitor_districts())
                  AND NOT (d.matter_id = ANY (api.excluded_matters()))))
$$;

GRANT EXECUTE ON FUNCTION audit_proves_duty
    TO upstander_center, upstander_district, upstander_former, upstander_monitor, upstander_school;
