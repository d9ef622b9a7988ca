-- A page of the directory for machines (HSDS 3.1): ``ids`` of what is asked for, how many of it
-- there are (when it is counted), and what they name, by kind. Told is what a public page may show:
-- a service with an entry of the search, who runs it, and where it is unless it or the place is
-- confidential. One query, however many; nothing of the question is kept.
CREATE OR REPLACE FUNCTION api.published(
    p_kind text, p_form text, p_asked jsonb, p_limit int, p_offset int, p_counted boolean
) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_words text := p_asked ->> 'search';
    v_query tsquery := plainto_tsquery('english', v_words) || plainto_tsquery('spanish', v_words)
        || plainto_tsquery('arabic', v_words);
    v_facets text[] := array_remove(ARRAY['term:' || (p_asked ->> 'taxonomy_term_id'),
        'taxonomy:' || (p_asked ->> 'taxonomy_id')], NULL);
    v_postcode text := p_asked ->> 'postcode';
    v_meters float := p_asked ->> 'proximity';
    v_town directory_town;
    v_shown text := 'EXISTS (SELECT FROM directory_entry e WHERE e.service_id = s.id
        AND ($1 IS NULL OR e.words @@ $1) AND ($2 = ''{}'' OR e.facets @> $2)
        AND ($3 IS NULL OR e.entered_at >= $3))';
    v_from text;
    v_total bigint;
    v_ids uuid[];
    v_services uuid[] := '{}';
    v_at uuid[] := '{}';
    v_places uuid[] := '{}';
    v_told json;
BEGIN
    IF v_meters IS NOT NULL THEN
        SELECT * INTO v_town FROM directory_town WHERE name = lower(v_postcode);
        IF NOT FOUND THEN
            RETURN json_build_object('refused', 'postcode');
        END IF;
    END IF;
    v_from := CASE p_kind
        WHEN 'service' THEN 'SELECT s.id FROM directory_service s
            WHERE ($4 IS NULL OR s.organization_id = $4) AND ' || v_shown
        WHEN 'organization' THEN 'SELECT o.id FROM directory_organization o WHERE EXISTS (
            SELECT FROM directory_service s WHERE s.organization_id = o.id AND ' || v_shown || ')'
        WHEN 'service_at_location' THEN 'SELECT x.id FROM directory_serviceatlocation x
            JOIN directory_service s ON s.id = x.service_id AND NOT s.confidential
            JOIN directory_location l ON l.id = x.location_id AND NOT l.confidential
            WHERE ($4 IS NULL OR s.organization_id = $4)
                -- An area without a list of codes leaves nobody out.
                AND ($5 IS NULL OR coalesce((SELECT bool_or(position($5 in a ->> ''extent'') > 0)
                    FROM jsonb_array_elements(coalesce(x.record -> ''service_areas'',
                        s.record -> ''service_areas'')) a
                    WHERE a ->> ''extent_type'' = ''text'' AND a ->> ''extent'' ~ ''\d{5}''), true))
                -- On the map first, where distances grow from the equator; then over the ground.
                AND ($9 IS NULL OR EXISTS (SELECT FROM directory_entry e
                    WHERE e.service_id = s.id AND e.location_id = l.id AND e.east IS NOT NULL
                        AND point(e.east, e.north) <@ circle(point($8,
                            degrees(ln(tan(radians(45 + $7 / 2))))), $9 / 70000 / cosd($7)))
                    AND 12742000 * asin(sqrt(power(sind((l.latitude - $7) / 2), 2)
                        + cosd($7) * cosd(l.latitude) * power(sind((l.longitude - $8) / 2), 2)))
                        <= $9)
                AND ' || v_shown
        WHEN 'taxonomy' THEN 'SELECT t.id FROM directory_taxonomy t WHERE $1 IS NULL
            OR to_tsvector(''english'', concat_ws('' '', t.name, t.record ->> ''description''))
                @@ $1'
        WHEN 'taxonomy_term' THEN 'SELECT t.id FROM directory_taxonomyterm t
            WHERE ($1 IS NULL OR to_tsvector(''english'', concat_ws('' '', t.record ->> ''name'',
                    t.record ->> ''description'')) @@ $1)
                AND ($10 IS NULL OR t.taxonomy_id = $10) AND ($11 IS NULL OR t.parent_id = $11)
                AND NOT ($12 AND t.parent_id IS NOT NULL)'
        END;
    EXECUTE format('SELECT ARRAY(SELECT id FROM (%s) x WHERE $6 IS NULL OR id = $6 ORDER BY id
            LIMIT $13 OFFSET $14), CASE WHEN $15 THEN (SELECT count(*) FROM (%s) x) END',
            v_from, v_from)
        INTO v_ids, v_total
        USING v_query, v_facets, (p_asked ->> 'modified_after')::timestamptz,
            (p_asked ->> 'organization_id')::uuid, v_postcode, (p_asked ->> 'id')::uuid,
            v_town.latitude, v_town.longitude, v_meters, (p_asked ->> 'taxonomy_id')::uuid,
            (p_asked ->> 'parent_id')::uuid, coalesce((p_asked ->> 'top_only')::boolean, false),
            p_limit, p_offset, p_counted;
    IF p_kind = 'service' THEN
        v_services := v_ids;
    ELSIF p_kind = 'organization' AND p_form <> 'short' THEN
        v_services := ARRAY(SELECT s.id FROM directory_service s
            WHERE s.organization_id = ANY (v_ids)
                AND EXISTS (SELECT FROM directory_entry e WHERE e.service_id = s.id));
        IF p_form = 'services' AND cardinality(v_services) > 500 THEN
            RETURN json_build_object('refused', 'full_service');
        END IF;
    END IF;
    IF p_kind = 'service_at_location' THEN
        v_at := v_ids;
        v_services := ARRAY(SELECT DISTINCT service_id FROM directory_serviceatlocation
            WHERE id = ANY (v_ids));
    ELSIF p_form IN ('full', 'services') THEN
        v_at := ARRAY(SELECT x.id FROM directory_serviceatlocation x
            JOIN directory_service s ON s.id = x.service_id AND NOT s.confidential
            JOIN directory_location l ON l.id = x.location_id AND NOT l.confidential
            WHERE x.service_id = ANY (v_services));
    END IF;
    WITH service AS (
        SELECT s.id, s.organization_id, s.confidential, s.record || jsonb_build_object(
            'organization_id', s.organization_id, 'last_modified',
            (SELECT max(e.entered_at) FROM directory_entry e WHERE e.service_id = s.id))
            || CASE WHEN s.confirmed THEN jsonb_build_object('assured_date', s.assured_on)
                ELSE '{}' END AS record
        FROM directory_service s WHERE s.id = ANY (v_services)
            AND (p_kind <> 'organization' OR p_form = 'services')
    ), organization AS (
        -- The standard wants both.
        SELECT o.id, o.confidential, jsonb_build_object('name', o.name, 'description', o.name)
            || o.record AS record
        FROM directory_organization o
        WHERE p_form <> 'minimal' AND o.id = ANY (CASE WHEN p_kind = 'organization' THEN v_ids
            ELSE ARRAY(SELECT organization_id FROM service) END)
    ), at AS (
        SELECT x.location_id, x.record || jsonb_build_object('service_id', x.service_id,
            'location_id', x.location_id) AS record
        FROM directory_serviceatlocation x WHERE x.id = ANY (v_at)
    ), location AS (
        SELECT l.record || jsonb_strip_nulls(jsonb_build_object('organization_id',
            l.organization_id)) AS record
        FROM directory_location l WHERE l.id IN (SELECT location_id FROM at)
    ), named AS (
        SELECT DISTINCT n #>> '{}' AS id FROM (
            SELECT record FROM service UNION ALL SELECT record FROM organization
            UNION ALL SELECT record FROM at UNION ALL SELECT record FROM location
        ) r, jsonb_path_query(record, 'strict $.**.taxonomy_term_id') n
        WHERE p_form IN ('full', 'services')
    ), term AS (
        SELECT t.taxonomy_id, t.record || jsonb_strip_nulls(jsonb_build_object('taxonomy_id',
            t.taxonomy_id, 'parent_id', t.parent_id)) AS record
        FROM directory_taxonomyterm t WHERE t.id = ANY (CASE WHEN p_kind = 'taxonomy_term'
            THEN v_ids ELSE ARRAY(SELECT CASE WHEN id ~ '^[0-9a-f-]{36}$' THEN id::uuid END
                FROM named) END)
    )
    SELECT json_build_object('total', v_total, 'ids', v_ids, 'records', json_build_object(
        'service', (SELECT json_agg(record) FROM service),
        'organization', (SELECT json_agg(record) FROM organization),
        'service_at_location', (SELECT json_agg(record ORDER BY record ->> 'id') FROM at),
        'location', (SELECT json_agg(record) FROM location),
        'taxonomy_term', (SELECT json_agg(record) FROM term),
        'taxonomy', (SELECT json_agg(x.record) FROM directory_taxonomy x WHERE x.id = ANY (
            CASE WHEN p_kind = 'taxonomy' THEN v_ids
            ELSE ARRAY(SELECT taxonomy_id FROM term) END))
    ), 'confidential', (SELECT json_agg(id) FROM (
        SELECT id FROM service WHERE confidential
        UNION ALL SELECT id FROM organization WHERE confidential) c)) INTO v_told;
    RETURN v_told;
END $$;

GRANT EXECUTE ON FUNCTION api.published TO upstander_public;
