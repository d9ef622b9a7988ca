-- By what the session's person can seal an answer for the center, of a tip that they reach no more:
-- their team's own grants of the case, and the tip's shred key. No grant of the reporter's words,
-- and none of the rows that a case's seed would open.
CREATE OR REPLACE FUNCTION api.away_keys(p_asked bigint)
    RETURNS TABLE (holder text, key_version integer, handoff_id uuid, blob bytea, wrapped bytea,
        file_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.holder::text, g.key_version, g.handoff_id, g.blob, s.wrapped, s.file_version
    FROM mandated_asked a JOIN vault_grant g ON g.tip_id = a.tip_id
    JOIN vault_shredkey s ON s.subject = a.tip_id
    WHERE a.id = p_asked AND mandated_is_away(p_asked => a.id)
      AND g.audience = 'case' AND g.holder = ANY ((SELECT api.scope_holders())::text[])
    ORDER BY g.id DESC
$$;

GRANT EXECUTE ON FUNCTION api.away_keys TO upstander_district, upstander_school;
