-- Whether the session's person must have an edition of their own: they are excluded from some
-- matter of the district, and were when the others' was published (or it isn't yet). Whom somebody
-- excluded later could read it before; changed for them, it would tell them of the exclusion.
CREATE OR REPLACE FUNCTION editions_edition_excluded(p_district bigint, p_subject text, p_half text,
    p_audience text)
    RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM matters_exclusion b
                   WHERE b.matter_id = ANY (api.excluded_matters()) AND b.district_id = p_district)
       AND coalesce((SELECT EXISTS (
               SELECT 1 FROM unnest(e.excluded) AS x (exclusion)
               WHERE substr(x.exclusion, 17) = sha256(api.scope_mac() || substr(x.exclusion, 1,
                   16)))
                   FROM editions_publishededition e
                     WHERE e.district_id = p_district AND e.subject = p_subject
                       AND e.half = p_half AND e.audience = p_audience
                       AND e.person_mac = ''::bytea), true)
$$;
