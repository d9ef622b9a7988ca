-- Some of the persons that a tip was handed to by name see it no more.
CREATE OR REPLACE FUNCTION tips_take_from(p_tip uuid, p_holders text[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM tips_recipient
        WHERE tip_id = p_tip AND holder LIKE 'own:%' AND holder = ANY (p_holders)
$$;
