-- Somebody says that a number or page did not work: one more on that day, up to twenty, and nothing
-- of who or when. Of what is not on a public page nothing is kept.
CREATE OR REPLACE FUNCTION api.line_failed(p_service text, p_line uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO directory_linefailure AS f (service_id, line, day, count)
        SELECT s.id, p_line, (api.clock_now() AT TIME ZONE 'UTC')::date, 1 FROM directory_service s
        WHERE s.slug = p_service AND s.listed AND NOT s.withheld
            AND (s.record -> 'phones' @> jsonb_build_array(jsonb_build_object('id', p_line))
                OR s.record -> 'additional_urls'
                    @> jsonb_build_array(jsonb_build_object('id', p_line)))
    ON CONFLICT (service_id, line, day) DO UPDATE SET count = least(f.count + 1, 20)
$$;

GRANT EXECUTE ON FUNCTION api.line_failed TO upstander_public;
