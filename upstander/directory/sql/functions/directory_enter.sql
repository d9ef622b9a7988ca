-- Writes down anew how a service is searched for: once for each place that it can be shown at, or
-- once without a place. Of what no public page shows nothing is written, so that nothing of it can
-- be found. A place is on the map by Mercator, which keeps what is near near; poles are left out.
CREATE OR REPLACE FUNCTION directory_enter(p_service uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM directory_entry WHERE service_id = p_service;
    WITH said AS (
        SELECT s.record ->> 'fees_description' AS fees,
            (SELECT max((c ->> 'amount')::numeric) FROM jsonb_array_elements(
                s.record -> 'cost_options') c
                    WHERE c ->> 'amount' ~ '^[0-9]+([.][0-9]+)?$') AS most,
            (SELECT string_agg(a ->> 'value', ' ') FROM jsonb_array_elements(
                s.record -> 'attributes') a WHERE a ->> 'link_type' IN (
                'translated.name', 'translated.description') AND a ->> 'label' = 'es') AS es,
            (SELECT string_agg(a ->> 'value', ' ') FROM jsonb_array_elements(
                s.record -> 'attributes') a WHERE a ->> 'link_type' IN (
                'translated.name', 'translated.description') AND a ->> 'label' = 'ar') AS ar,
            (SELECT string_agg(a ->> 'value', ' ') FROM jsonb_array_elements(
                s.record -> 'attributes') a WHERE a ->> 'link_type' = 'translated.name') AS names
        FROM directory_service s WHERE s.id = p_service
    )
    INSERT INTO directory_entry (service_id, location_id, state, district_id, position, east, north,
        facets, min_age, max_age, words, near, entered_at)
    SELECT s.id, l.id, s.state, s.district_id, s.position, l.longitude,
        degrees(ln(tan(radians(45 + l.latitude / 2)))),
        ARRAY(
            SELECT 'need:' || t.code FROM directory_broader(p_terms => s.terms) t
            UNION SELECT 'need:' || s.kind
            UNION SELECT 'term:' || t.id FROM directory_broader(p_terms => s.terms) t
            UNION SELECT 'taxonomy:' || t.taxonomy_id
                FROM directory_broader(p_terms => s.terms) t
            UNION SELECT 'lang:' || CASE g ->> 'code' WHEN 'eng' THEN 'en' WHEN 'spa' THEN 'es'
                WHEN 'ara' THEN 'ar' ELSE g ->> 'code' END
                FROM jsonb_array_elements(s.record -> 'languages') g WHERE g ->> 'code' <> ''
            UNION SELECT 'interpreter' WHERE s.record ->> 'interpretation_services' <> ''
            UNION SELECT 'tty' WHERE s.record -> 'phones' @> '[{"type": "textphone"}]'
            UNION SELECT CASE WHEN said.most > 0 THEN 'paid' ELSE 'free' END
                WHERE said.most IS NOT NULL OR said.fees ILIKE 'free%'),
        (s.record ->> 'minimum_age')::float, (s.record ->> 'maximum_age')::float,
        to_tsvector('english', concat_ws(' ', s.record ->> 'name', s.record ->> 'alternate_name',
            s.record ->> 'description', o.name))
            || to_tsvector('spanish', coalesce(said.es, ''))
            || to_tsvector('arabic', coalesce(said.ar, '')),
        directory_nearly(concat_ws(' ', s.record ->> 'name', s.record ->> 'alternate_name', o.name,
            said.names)),
        api.clock_now()
    FROM directory_service s CROSS JOIN said
        JOIN directory_organization o ON o.id = s.organization_id
        LEFT JOIN (directory_serviceatlocation x JOIN directory_location l ON l.id = x.location_id
            AND NOT l.confidential AND l.latitude BETWEEN -85 AND 85 AND l.longitude IS NOT NULL)
            ON x.service_id = s.id AND NOT s.confidential
    WHERE s.id = p_service AND s.listed AND NOT s.withheld AND NOT o.withheld
        AND s.record ->> 'status' = 'active'
$$;
