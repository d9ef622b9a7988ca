-- Where the form behind an adult's link begins: its district, its school, and the State whose
-- hotline it names; `own`: the desk's, of somebody signed in. No row: it opens nothing. One that
-- was used opens the form all the same, until its time is over, and takes nothing: else its maker
-- could learn by looking that it was used.
CREATE OR REPLACE FUNCTION api.adult_link(p_link text)
    RETURNS TABLE (district_id bigint, school_id bigint, state text, own boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.district_id, l.school_id, d.state::text, l.own
    FROM tips_adultlink l JOIN places_district d ON d.id = l.district_id
    WHERE l.link_hash = sha256(convert_to(p_link, 'UTF8')) AND tips_link_stands(l)
$$;

GRANT EXECUTE ON FUNCTION api.adult_link TO upstander_public;
