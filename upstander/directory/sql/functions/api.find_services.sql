-- What somebody looks for, in the directory of their State and district: by needs, by words, and
-- near a place. Nothing of it is kept. In each of three rows (says all that is wished for; near;
-- without a place) it goes no further than enough, so that it takes as long among many services as
-- among few. What says that it is not for this age, or costs where it must not, is left out; what
-- says nothing is not. Where nothing has the words, what is spelt nearly so is taken. Of a place
-- that nobody knows those are named that are spelt nearly so; none is taken for it.
CREATE OR REPLACE FUNCTION api.find_services(
    p_district text, p_needs text[], p_words text, p_language text, p_place text, p_wishes text[],
    p_age int
) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_district bigint;
    v_state text;
    v_named boolean;
    v_north float := 0;
    v_east float := 0;
    v_spot point;
    v_town directory_town;
    v_words regconfig := CASE p_language WHEN 'es' THEN 'spanish' WHEN 'ar' THEN 'arabic'
        ELSE 'english' END;
    v_query tsquery := plainto_tsquery('english', p_words) || plainto_tsquery(v_words, p_words);
    v_plain boolean := numnode(v_query) = 0;
    v_near text[];
    v_towns text[];
    v_needs boolean := p_needs <> '{}';
    v_free boolean := 'free' = ANY (p_wishes);
    v_found json;
BEGIN
    SELECT id, state INTO v_district, v_state FROM places_district WHERE slug = p_district;
    SELECT * INTO v_town FROM directory_town WHERE name = p_place;
    v_named := FOUND;
    IF NOT v_named THEN
        SELECT array_agg(n.name) INTO v_towns FROM (
            SELECT t.name FROM directory_town t WHERE t.near && directory_nearly(p_place)
            ORDER BY cardinality(ARRAY(SELECT unnest(t.near) INTERSECT
                SELECT unnest(directory_nearly(p_place)))) DESC, t.name LIMIT 20) n;
        -- Nobody said where: around the schools' town, without a distance.
        SELECT t.* INTO v_town FROM places_school s JOIN directory_town t ON t.name = lower(s.town)
            WHERE s.district_id = v_district ORDER BY s.id LIMIT 1;
    END IF;
    IF v_town.name IS NOT NULL THEN
        v_east := v_town.longitude;
        v_north := degrees(ln(tan(radians(45 + v_town.latitude / 2))));
    END IF;
    v_spot := point(v_east, v_north);
    FOR look IN 1..2 LOOP
        WITH entry AS (
            (SELECT e.id FROM directory_entry e WHERE e.east IS NOT NULL AND p_wishes <> '{}'
                AND (v_district IS NULL OR e.district_id = v_district
                    OR e.district_id IS NULL AND e.state = v_state)
                AND CASE WHEN look = 2 THEN e.near && v_near
                    WHEN v_plain THEN NOT v_needs OR e.facets && p_needs
                    ELSE e.words @@ v_query OR v_needs AND e.facets && p_needs END
                AND e.facets @> p_wishes
                AND (p_age IS NULL OR p_age BETWEEN coalesce(e.min_age, 0)
                    AND coalesce(e.max_age, 200))
                ORDER BY point(e.east, e.north) <-> v_spot LIMIT 40)
            UNION ALL
            (SELECT e.id FROM directory_entry e WHERE e.east IS NOT NULL
                AND (v_district IS NULL OR e.district_id = v_district
                    OR e.district_id IS NULL AND e.state = v_state)
                AND CASE WHEN look = 2 THEN e.near && v_near
                    WHEN v_plain THEN NOT v_needs OR e.facets && p_needs
                    ELSE e.words @@ v_query OR v_needs AND e.facets && p_needs END
                AND NOT (v_free AND 'paid' = ANY (e.facets))
                AND (p_age IS NULL OR p_age BETWEEN coalesce(e.min_age, 0)
                    AND coalesce(e.max_age, 200))
                ORDER BY point(e.east, e.north) <-> v_spot LIMIT 60)
            UNION ALL
            (SELECT e.id FROM directory_entry e WHERE e.east IS NULL
                AND (v_district IS NULL OR e.district_id = v_district
                    OR e.district_id IS NULL AND e.state = v_state)
                AND CASE WHEN look = 2 THEN e.near && v_near
                    WHEN v_plain THEN NOT v_needs OR e.facets && p_needs
                    ELSE e.words @@ v_query OR v_needs AND e.facets && p_needs END
                AND NOT (v_free AND 'paid' = ANY (e.facets))
                AND (p_age IS NULL OR p_age BETWEEN coalesce(e.min_age, 0)
                    AND coalesce(e.max_age, 200))
                ORDER BY e.position, e.id LIMIT 40)
        ), nearest AS (
            SELECT DISTINCT ON (e.service_id) e.* FROM directory_entry e
            WHERE e.id IN (SELECT id FROM entry)
            ORDER BY e.service_id, point(e.east, e.north) <-> v_spot
        )
        SELECT json_agg(json_build_object('slug', s.slug, 'kind', s.kind, 'agency', o.name,
            'record', s.record, 'confirmed', s.confirmed, 'assured_on', s.assured_on,
            'by_law', s.confirmed AND s.assured_by IS NULL, 'confidential', s.confidential,
            'facets', n.facets, 'min_age', n.min_age, 'max_age', n.max_age,
            'hit', look = 1 AND NOT v_plain AND n.words @@ v_query,
            'latitude', l.latitude, 'longitude', l.longitude, 'place', l.record))
            INTO v_found
        FROM nearest n JOIN directory_service s ON s.id = n.service_id
            JOIN directory_organization o ON o.id = s.organization_id
            LEFT JOIN directory_location l ON l.id = n.location_id;
        EXIT WHEN v_found IS NOT NULL OR v_plain OR look = 2;
        v_near := directory_nearly(p_words);
    END LOOP;
    RETURN json_build_object('services', coalesce(v_found, '[]'), 'nearly', v_near IS NOT NULL,
        'towns', v_towns, 'from', CASE WHEN v_named THEN json_build_array(v_town.latitude,
            v_town.longitude) END);
END $$;

GRANT EXECUTE ON FUNCTION api.find_services TO upstander_public, upstander_center;
