-- Services are public facts: all staff may read all of them, only administrators may confirm them,
-- and the policy asks who stands behind the administrators' role.
GRANT SELECT ON directory_service, directory_contactline, directory_openinghours
    TO upstander_staff, upstander_center, upstander_school, upstander_district, upstander_admin;
GRANT UPDATE ON directory_service TO upstander_admin;
ALTER TABLE directory_service ENABLE ROW LEVEL SECURITY;
CREATE POLICY facts ON directory_service FOR SELECT TO upstander_staff, upstander_center,
    upstander_school, upstander_district, upstander_admin USING (true);
CREATE POLICY admin ON directory_service FOR UPDATE TO upstander_admin
    USING ((SELECT api.scope_is_admin()));

-- What a district's public page lists. An unknown district gets the statewide services.
CREATE FUNCTION api.public_services(district_slug text) RETURNS json
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

REVOKE ALL ON FUNCTION api.public_services(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.public_services(text) TO upstander_public;
