-- "It got worse", pressed by whoever holds the family's link: the desk is rung. False: it is over.
CREATE OR REPLACE FUNCTION api.callout_worse(p_link text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO callouts_event (callout_id, district_id, kind)
        SELECT c.id, c.district_id, 'worse' FROM callouts_callout c
        WHERE c.link_hash = sha256(convert_to(p_link, 'UTF8'));
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.callout_worse TO upstander_signin;
