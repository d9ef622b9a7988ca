-- What an advocate's partner may read, to whoever holds the link; nothing unless somebody goes.
CREATE OR REPLACE FUNCTION api.partner(p_link text) RETURNS TABLE (id uuid, wrapped bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.wrapped
    FROM helplines_partner p JOIN helplines_accompaniment c ON c.id = p.accompaniment_id
    WHERE p.link_hash = sha256(convert_to(p_link, 'UTF8')) AND c.state IN ('accepted', 'arrived')
$$;

GRANT EXECUTE ON FUNCTION api.partner TO upstander_signin;
