-- The needs of contacts that ended in a span, each once, to who reads a district's figures: how
-- many there were and whether the family said that it was met. Left out is what they did not want
-- any more. "In part", "no", lost and found nobody are unmet. Of whom they were nobody learns.
CREATE OR REPLACE FUNCTION api.unmet_needs(p_district bigint, p_from timestamptz,
    p_until timestamptz)
    RETURNS TABLE (need text, town text, language text, hours integer, unmet boolean, many bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.need, c.town, c.language,
        extract(hour FROM c.taken_at AT TIME ZONE d.time_zone)::integer / 6, NOT o.met, count(*)
    FROM referrals_contact c JOIN places_district d ON d.id = c.district_id
    CROSS JOIN LATERAL jsonb_array_elements_text(c.needs) AS n (need)
    CROSS JOIN LATERAL (SELECT coalesce(bool_or(r.outcome = 'met'), false) AS met,
            coalesce(bool_and(r.outcome = 'declined'), false) AS declined
        FROM referrals_referral r WHERE r.contact_id = c.id AND r.need = n.need) o
    WHERE c.district_id = p_district AND c.ended_at >= p_from AND c.ended_at < p_until
      AND NOT o.declined
      AND editions_edition_audience(p_district => p_district, p_school => 0) IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
$$;

GRANT EXECUTE ON FUNCTION api.unmet_needs TO upstander_center, upstander_district;
