-- Whether the session's person opened a tip, owes an answer (or a reader of their no) and reaches
-- the tip no more: it went back to the center, or on to others. The law asks them all the same. Not
-- whom its matter is kept from, nor who holds no key of their team's any more.
CREATE OR REPLACE FUNCTION mandated_is_away(p_asked bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_asked a JOIN tips_tip t ON t.id = a.tip_id
        WHERE a.id = p_asked AND a.person_id = api.scope_person() AND NOT a.center
          AND NOT (a.matter_id = ANY (api.excluded_matters()))
          AND NOT (t.matter_id = ANY (api.excluded_matters()))
          AND mandated_standing(a.id) IN ('silent', 'waits')
          AND NOT EXISTS (SELECT 1 FROM tips_recipient y
              WHERE y.tip_id = a.tip_id AND y.holder = ANY ((SELECT api.scope_holders())::text[]))
          AND EXISTS (SELECT 1 FROM vault_grant g WHERE g.tip_id = a.tip_id
              AND g.audience = 'case' AND g.holder = ANY ((SELECT api.scope_holders())::text[])))
$$;
