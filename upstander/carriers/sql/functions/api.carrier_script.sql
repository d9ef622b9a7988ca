-- What a call says, sealed. No row: there is no such call of this provider.
CREATE OR REPLACE FUNCTION api.carrier_script(p_provider text, p_delivery uuid, p_ref text)
    RETURNS TABLE (sealed bytea, tries integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.sealed, d.key_tries FROM carriers_delivery d
    WHERE d.id = p_delivery AND d.provider = p_provider AND d.channel = 'voice' AND p_ref <> ''
      AND d.provider_ref IN ('', p_ref)
$$;

GRANT EXECUTE ON FUNCTION api.carrier_script TO upstander_public;
