-- An entry in the record, by a function of another app: in the transaction of what it tells of.
CREATE OR REPLACE FUNCTION audit_record(
    p_actor_kind text, p_action text, p_subject_kind text, p_subject_id text, p_district_id bigint,
    p_matter_id uuid, p_detail jsonb DEFAULT '{}', p_actor_id bigint DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id, district_id,
        matter_id, detail) VALUES (p_actor_kind, p_actor_id, p_action, p_subject_kind, p_subject_id,
        p_district_id, p_matter_id, p_detail);
END $$;
