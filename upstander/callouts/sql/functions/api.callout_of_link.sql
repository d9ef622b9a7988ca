-- How it stands, to whoever holds the family's link: who comes and when, and no word.
CREATE OR REPLACE FUNCTION api.callout_of_link(p_link text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('state', c.state, 'eta', c.eta_at, 'planned', c.planned_at,
        'who', CASE WHEN c.state IN ('accepted', 'way', 'arrived') THEN c.held_by END,
        'zone', d.time_zone, 'language', c.language, 'phone', t.callback_phone, 'worse', EXISTS (
            SELECT 1 FROM callouts_event e WHERE e.callout_id = c.id AND e.kind = 'worse'))
    FROM callouts_callout c JOIN places_district d ON d.id = c.district_id
    JOIN places_center t ON t.id = d.center_id
    WHERE c.link_hash = sha256(convert_to(p_link, 'UTF8'))
$$;

GRANT EXECUTE ON FUNCTION api.callout_of_link TO upstander_signin;
