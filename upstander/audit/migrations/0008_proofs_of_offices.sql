-- Whether the session's person may prove what was done about a duty. The app above, which knows duties,
-- puts its own answer in this one's place.
CREATE FUNCTION audit_proves_duty(p_subject text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT false $$;
REVOKE ALL ON FUNCTION audit_proves_duty(text) FROM PUBLIC;

-- As before, for those to whom a duty was granted instead of whoever leads the district: whom it accuses,
-- and those under them, prove nothing of it. And no longer what somebody can have written down at will,
-- such as that a duty was opened: places in the tree would tell how much came in between.
CREATE OR REPLACE FUNCTION audit_may_prove(p_entry bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM audit_entry e WHERE e.id = p_entry
        AND (e.matter_id IS NULL OR NOT (e.matter_id = ANY (api.barred_matters())))
        AND CASE
            WHEN e.district_id = ANY (api.center_districts()) THEN true
            WHEN api.scope_is_admin() THEN e.matter_id IS NULL
            ELSE e.subject_kind = 'duty' AND e.action NOT IN ('duty opened', 'duty: note', 'duty: said')
                AND ((e.actor_kind = 'staff' AND e.actor_id = api.scope_person())
                     OR audit_proves_duty(e.subject_id))
        END)
$$;
GRANT EXECUTE ON FUNCTION api.record_place(bigint), api.record_tiles(bigint, smallint[], bigint[])
    TO upstander_monitor;
