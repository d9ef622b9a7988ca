-- Lets in others beside those whom a tip was handed to.
CREATE OR REPLACE FUNCTION tips_let_in(
    p_tip uuid, p_district bigint, p_holders text[], p_since timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    -- They read what the school reads: from the hand-off on, unless its own words were asked for.
    INSERT INTO tips_recipient (tip_id, district_id, holder, since, since_turn, with_words)
    SELECT p_tip, p_district, h.holder, p_since,
        coalesce((SELECT max(r.since_turn) FROM tips_recipient r WHERE r.tip_id = p_tip),
                 2147483647),
        coalesce((SELECT bool_or(r.with_words) FROM tips_recipient r WHERE r.tip_id = p_tip),
                 false)
    FROM unnest(p_holders) AS h (holder)
    ON CONFLICT DO NOTHING;
$$;
