-- What a district's public page lists. An unknown district gets the statewide services.
CREATE OR REPLACE FUNCTION api.public_services(district_slug text) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(json_agg(json_build_object(
        'slug', s.slug, 'kind', s.kind, 'agency', s.agency, 'texts', s.texts,
        'languages', s.languages, 'mandated_reporter', s.mandated_reporter, 'police', s.police,
        'source_url', s.source_url, 'confirmed', s.confirmed, 'checked_on', s.checked_on,
        'lines', coalesce((SELECT json_agg(json_build_object(
                'kind', l.kind, 'value', l.value, 'then', l."then", 'language', l.language)
                ORDER BY l.position, l.id)
            FROM directory_contactline l WHERE l.service_id = s.id), '[]'),
        'hours', coalesce((SELECT json_agg(json_build_object(
                'always', h.always, 'weekday', h.weekday, 'opens', h.opens, 'closes', h.closes,
                'effective_from', h.effective_from, 'effective_to', h.effective_to,
                'time_zone', h.time_zone, 'on_holidays', h.on_holidays)
                ORDER BY h.weekday, h.opens, h.id)
            FROM directory_openinghours h WHERE h.service_id = s.id), '[]'))
        ORDER BY s.position, s.slug), '[]')
    FROM directory_service s LEFT JOIN places_district d ON d.id = s.district_id
    WHERE s.listed AND (s.district_id IS NULL OR d.slug = district_slug)
$$;

GRANT EXECUTE ON FUNCTION api.public_services TO upstander_public;
