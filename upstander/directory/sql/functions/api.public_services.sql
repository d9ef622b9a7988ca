-- What a district's public page lists. An unknown district gets every State's services.
-- What is confidential and has not been read word for word stays away, whole.
CREATE OR REPLACE FUNCTION api.public_services(district_slug text) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(json_agg(json_build_object(
        'slug', s.slug, 'kind', s.kind, 'agency', o.name, 'record', s.record,
        'confirmed', s.confirmed, 'assured_on', s.assured_on,
        'by_law', s.confirmed AND s.assured_by IS NULL)
        ORDER BY s.position, s.slug), '[]')
    FROM directory_service s JOIN directory_organization o ON o.id = s.organization_id
        LEFT JOIN places_district d ON d.slug = district_slug
    WHERE s.listed AND NOT s.withheld AND NOT o.withheld AND s.kind <> 'search'
        AND s.record ->> 'status' = 'active'
        AND (s.district_id = d.id
            OR s.district_id IS NULL AND s.state = coalesce(d.state, s.state))
$$;

GRANT EXECUTE ON FUNCTION api.public_services TO upstander_public;
