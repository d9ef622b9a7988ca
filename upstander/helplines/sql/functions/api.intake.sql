-- What an agency does with an intake whose link it holds. It is given both sides' names; the rest
-- only in the statement that ends the row, by saying that nothing conflicts. NULL: over, or never.
CREATE OR REPLACE FUNCTION api.intake(p_link text, p_do text) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    link bytea := sha256(convert_to(p_link, 'UTF8'));
    told bytea;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM places_district d JOIN places_center c ON c.id = d.center_id
            WHERE c.advocates AND d.id = ANY (api.center_districts())) THEN
        RETURN NULL;
    END IF;
    IF p_do IN ('try', 'right', 'wrong') THEN
        -- Words are counted before they are looked at, and taken back if right.
        UPDATE helplines_intake SET misses = misses + CASE p_do WHEN 'try' THEN 1 ELSE -1 END
        WHERE link_hash = link
          AND (p_do = 'try' AND misses < 10 OR p_do = 'right' AND misses > 0)
        RETURNING '\x01'::bytea INTO told;
    ELSIF p_do = 'names' THEN
        SELECT i.names INTO told FROM helplines_intake i
        WHERE i.link_hash = link AND i.misses < 10 AND i.until > api.clock_now();
    ELSE
        DELETE FROM helplines_intake i
        WHERE i.link_hash = link AND i.misses < 10 AND i.until > api.clock_now()
        RETURNING CASE p_do WHEN 'clear' THEN i.rest ELSE '' END INTO told;
    END IF;
    RETURN told;
END $$;

GRANT EXECUTE ON FUNCTION api.intake TO upstander_center;
