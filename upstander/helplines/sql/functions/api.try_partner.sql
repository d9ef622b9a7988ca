-- Words tried with a partner's link: counted before they are looked at, taken back if right. The
-- tenth that are wrong destroy the copy; NULL: it is gone, or ten are under way.
CREATE OR REPLACE FUNCTION api.try_partner(p_link text, p_came text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM helplines_partner
    WHERE link_hash = sha256(convert_to(p_link, 'UTF8')) AND p_came = 'wrong' AND misses >= 10;
    UPDATE helplines_partner SET misses = misses + CASE p_came WHEN 'try' THEN 1 ELSE -1 END
    WHERE link_hash = sha256(convert_to(p_link, 'UTF8'))
      AND (p_came = 'try' AND misses < 10 OR p_came = 'right' AND misses > 0)
    RETURNING true
$$;

GRANT EXECUTE ON FUNCTION api.try_partner TO upstander_signin;
