-- Whoever said no, and opens what the reporter has written or sent since, is asked again: their no
-- was about less. It stays as it was given, and counts no more. Files count as words do.
CREATE OR REPLACE FUNCTION mandated_ask_again(p_tip uuid, p_person bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE mandated_asked a SET new_turn = n.turn, answered_at = NULL,
        remind_at = n.at + interval '20 minutes', climb_since = n.at,
        climb_at = n.at + interval '1 hour', climbed = 0
    FROM (SELECT mandated_new_turn(p_tip => p_tip) AS turn,
                 date_trunc('second', api.clock_now()) AS at) AS n
    WHERE a.tip_id = p_tip AND a.person_id = p_person AND n.turn > a.new_turn
      AND mandated_standing(a.id) IN ('no', 'waits')
      AND n.turn > (SELECT max(mandated_answer_turn(p_answer => w.id)) FROM mandated_answer w
                    WHERE w.tip_id = a.tip_id AND w.person_id = a.person_id)
      AND EXISTS (SELECT 1 FROM vault_grant g WHERE g.tip_id = a.tip_id AND g.audience = 'dialog'
          AND (g.holder LIKE 'own:%' OR EXISTS (SELECT 1 FROM people_membership m
               WHERE m.person_id = p_person AND 'team:' || m.team_id = g.holder)))
$$;
