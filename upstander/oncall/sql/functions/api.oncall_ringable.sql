-- Whom of these people something rings: a verified phone or device, not only a mailbox. Whose texts
-- were ended by STOP counts as nobody until they come again: perhaps it was not they who sent it,
-- and what is paged first is a text. Others are asked beside them, never instead of them. Staff ask
-- about colleagues only, and learn no number; the worker asks about everybody it pages.
CREATE OR REPLACE FUNCTION api.oncall_ringable(p_people bigint[]) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT c.person_id), '{}') FROM carriers_contactmethod c
    WHERE c.person_id = ANY (p_people) AND c.kind IN ('sms', 'voice', 'push')
      AND c.verified_at IS NOT NULL AND c.broken_at IS NULL
      AND NOT EXISTS (SELECT FROM carriers_contactmethod s WHERE s.person_id = c.person_id
                      AND s.kind = 'sms' AND s.broken_reason = 'stopped')
      AND (c.person_id = ANY (api.scope_people())
           OR current_setting('role') NOT IN ('upstander_center', 'upstander_school',
                                              'upstander_district', 'upstander_admin'))
$$;

GRANT EXECUTE ON FUNCTION api.oncall_ringable
    TO upstander_admin, upstander_center, upstander_district, upstander_school, upstander_worker;
