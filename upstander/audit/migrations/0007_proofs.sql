-- Whether whoever stands behind the session may prove an entry. An entry's place in the tree lies
-- between the places of others, whose times one knows: of a tip's entries, or of one's own that one
-- can make at will (opening a tip each minute), that would tell a school when a child wrote. So
-- schools and districts prove duties alone: their own, and those of the district that they lead.
CREATE FUNCTION audit_may_prove(p_entry bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM audit_entry e WHERE e.id = p_entry
        AND (e.matter_id IS NULL OR NOT (e.matter_id = ANY (api.barred_matters())))
        AND CASE
            WHEN e.district_id = ANY (api.center_districts()) THEN true
            WHEN api.scope_is_admin() THEN e.matter_id IS NULL
            ELSE e.subject_kind = 'duty' AND (
                (e.actor_kind = 'staff' AND e.actor_id = api.scope_person())
                OR e.district_id = ANY (api.lead_districts()))
        END)
$$;
REVOKE ALL ON FUNCTION audit_may_prove(bigint) FROM PUBLIC;

CREATE FUNCTION api.record_place(p_entry bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.number * 256 + array_position(t.entries, p_entry) - 1 FROM audit_tile t
    WHERE audit_may_prove(p_entry) AND t.level = 0
      AND int8range(t.first, t.last, '[]') @> p_entry AND p_entry = ANY (t.entries)
$$;

CREATE FUNCTION api.record_tiles(p_entry bigint, p_levels smallint[], p_numbers bigint[])
    RETURNS TABLE (level smallint, number bigint, hashes bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.level, t.number, t.hashes FROM unnest(p_levels, p_numbers) AS w (level, number)
    JOIN audit_tile t ON t.level = w.level AND t.number = w.number
    WHERE audit_may_prove(p_entry)
$$;
REVOKE ALL ON FUNCTION api.record_place(bigint), api.record_tiles(bigint, smallint[], bigint[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.record_place(bigint), api.record_tiles(bigint, smallint[], bigint[])
    TO upstander_center, upstander_school, upstander_district, upstander_admin;
