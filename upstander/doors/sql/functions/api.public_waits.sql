-- What reporters are told of how long it usually takes, by district: what the worker has made
-- within five minutes. Of how many tips it is reckoned is said only as far as the public site must
-- know.
CREATE OR REPLACE FUNCTION api.public_waits() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('district', d.id, 'minutes', w.minutes,
        'tips', least(w.tips, 20))), '[]'::jsonb)
    FROM doors_usualwait w JOIN places_district d ON d.center_id = w.center_id
    WHERE w.minutes IS NOT NULL AND w.at > api.clock_now() - interval '5 minutes'
$$;

GRANT EXECUTE ON FUNCTION api.public_waits TO upstander_public;
