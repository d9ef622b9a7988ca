-- What happened in a call, in the record.
CREATE OR REPLACE FUNCTION doors_call_record(p_tip uuid, p_action text, p_person bigint)
    RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT audit_record(p_actor_kind => CASE WHEN p_person IS NULL THEN 'system' ELSE 'staff' END,
        p_action => p_action, p_subject_kind => 'tip', p_subject_id => t.id::text,
        p_district_id => t.district_id, p_matter_id => t.matter_id, p_actor_id => p_person)
    FROM tips_tip t WHERE t.id = p_tip
$$;
