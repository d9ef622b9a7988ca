-- What a supervisor of the center that gave a district up can open of its tips, and nobody of the
-- center that serves it now: grants of their own, and who must not see the tip. They see no more of
-- it. `p_holders` are the new center's team and its members by name.
CREATE OR REPLACE FUNCTION api.left_behind(p_move uuid, p_holders text[], p_most integer)
    RETURNS TABLE (tip uuid, audience text, handoff_id uuid, holder text, version integer,
        blob bytea,
                   excluded bytea[], matter uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.tip_id, g.audience, g.handoff_id, g.holder, g.key_version, g.blob,
        ARRAY(SELECT uuid_send(b.bound_to) || b.person_mac FROM matters_exclusion b
              WHERE b.matter_id = t.matter_id), t.matter_id
    FROM approvals_approval m
    JOIN tips_tip t ON t.district_id = m.district_id
    JOIN vault_grant g ON g.tip_id = t.id AND g.handoff_id = t.id
        AND g.holder = ANY ((SELECT api.scope_holders())::text[])
    WHERE m.id = p_move AND m.outcome = ANY ('{approved,shares}'::text[])
      AND m.kind = 'district_center' AND m.center_id = ANY (api.supervised_centers())
      AND NOT (t.matter_id = ANY (api.excluded_matters()))
      AND NOT EXISTS (SELECT 1 FROM vault_grant h WHERE h.tip_id = t.id
                      AND h.audience = g.audience AND h.holder IN (
                          SELECT vault_name(p_holder => n, p_to => t.id) FROM unnest(p_holders) n))
    ORDER BY t.id, g.audience LIMIT p_most
$$;

GRANT EXECUTE ON FUNCTION api.left_behind TO upstander_center;
