-- Other words to come back with, in place of those that were, and a session opened by them.
CREATE OR REPLACE FUNCTION tips_new_code(p_tip uuid, p_lookup bytea, p_page bytea, p_wrapped bytea,
    p_talk bytea, p_seed bytea) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_tip record;
BEGIN
    SELECT t.id, t.district_id, t.matter_id INTO of_tip FROM tips_tip t WHERE t.id = p_tip
        FOR UPDATE;
    PERFORM tips_drop_code(p_tip => p_tip);
    INSERT INTO tips_returncode
        (lookup_id, page, tip_id, district_id, pepper_version, list_version, wrapped)
        VALUES (p_lookup, p_page, p_tip, of_tip.district_id, 1, 1, p_wrapped);
    INSERT INTO tips_talk (token_hash, tip_id, district_id, sealed_seed, ends_at)
        VALUES (p_talk, p_tip, of_tip.district_id, p_seed,
                date_trunc('minute', api.clock_now()) + interval '31 minutes');
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'came over to the website',
        p_subject_kind => 'tip', p_subject_id => p_tip::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
        p_detail => '{}'::jsonb);
END $$;
