-- Whether whoever stands behind the session may prove an entry. An entry's place in the tree lies
-- between the places of others, whose times one knows: of a tip's entries, or of one's own that one
-- can make at will (opening a tip each minute), that would tell a school when a child wrote. So
-- schools and districts prove duties alone, their own and those granted to them; whom a duty
-- accuses, and those under them, prove nothing of it; and nobody proves what somebody can have
-- written down at will, such as that a duty was opened.
CREATE OR REPLACE FUNCTION audit_may_prove(p_entry bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM audit_entry e WHERE e.id = p_entry
        -- That somebody asked themselves whether to report is for nobody to prove.
        AND e.subject_kind <> 'consult'
        AND (e.matter_id IS NULL OR NOT (e.matter_id = ANY (api.excluded_matters())))
        AND CASE
            WHEN e.district_id = ANY (api.center_districts()) THEN true
            WHEN api.scope_is_admin() THEN e.matter_id IS NULL
            ELSE e.subject_kind = 'duty'
                AND NOT (e.action = ANY (audit_acts(p_counts_as => 'at will')))
                AND ((e.actor_kind = 'staff' AND e.actor_id = api.scope_person())
                     OR audit_proves_duty(e.subject_id))
        END)
$$;
