-- What the center and the reporter learn of tips while a school's team has them.
CREATE OR REPLACE FUNCTION tips_case_told(p_tips uuid[], p_told text[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip t SET in_case = n.told
        FROM unnest(p_tips, p_told) AS n (tip, told) WHERE t.id = n.tip AND t.state = 'handed_off'
$$;
