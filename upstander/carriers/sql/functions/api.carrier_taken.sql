-- Of a call for an alert that somebody has by now, or that has ended: how many others that the same
-- person was told of within a day nobody has yet. NULL: it still asks, or it never did, or it is no
-- such call of this provider.
CREATE OR REPLACE FUNCTION api.carrier_taken(p_provider text, p_delivery uuid, p_ref text)
    RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(DISTINCT o.for_id)::integer FROM carriers_delivery o
            WHERE o.person_id = d.person_id AND o.open AND o.for_id <> d.for_id
              AND o.purpose = 'page' AND o.attempted_at > api.clock_now() - interval '1 day')
    FROM carriers_delivery d
    WHERE d.id = p_delivery AND d.provider = p_provider AND d.channel = 'voice' AND p_ref <> ''
      AND d.provider_ref IN ('', p_ref) AND d.purpose = 'page' AND d.code <> '' AND NOT d.open
$$;

GRANT EXECUTE ON FUNCTION api.carrier_taken TO upstander_public;
