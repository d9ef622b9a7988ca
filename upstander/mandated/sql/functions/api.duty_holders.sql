CREATE OR REPLACE FUNCTION api.duty_holders(p_duties uuid[]) RETURNS TABLE (duty uuid, holder text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, g.holder FROM mandated_duty d
    JOIN matters_foldergrant g ON g.folder_id = d.folder_id
    WHERE d.id = ANY (p_duties)
      AND (g.until IS NULL OR g.until > api.clock_now())
$$;

GRANT EXECUTE ON FUNCTION api.duty_holders TO upstander_worker;
