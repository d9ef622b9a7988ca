-- A team that has a tip keeps it, and all of its matter, from persons at once: what one of them
-- wrote down may be about a colleague. Not from oneself. Whom the codes stand for only the desk can
-- tell.
CREATE OR REPLACE FUNCTION api.keep_from_tip(p_tip uuid, p_macs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found tips_tip%ROWTYPE;
BEGIN
    SELECT t.* INTO found FROM tips_tip t WHERE t.id = p_tip
        AND NOT (t.matter_id = ANY (api.excluded_matters()))
        AND EXISTS (SELECT 1 FROM tips_recipient r
                    WHERE r.tip_id = t.id
                      AND r.holder = ANY ((SELECT api.scope_holders())::text[]));
    IF found.id IS NULL OR api.scope_mac() = ANY (p_macs) THEN
        RAISE EXCEPTION 'this matter can''t be kept from them here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM matters_exclude(p_matter => found.matter_id, p_district => found.district_id,
        p_macs => p_macs);
END $$;

GRANT EXECUTE ON FUNCTION api.keep_from_tip TO upstander_district, upstander_school;
