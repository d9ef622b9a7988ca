-- Takes a matter's duties and allegations back from those who depend on whom it excludes. Who
-- depends on whom, the caller knows; who may say so: the center that serves the district, and
-- whoever may keep others out of one of its duties. Their other tips and cases stay as they are.
CREATE OR REPLACE FUNCTION api.pass_over(p_matter uuid, p_holders text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (
        EXISTS (SELECT 1 FROM matters_matter m WHERE m.id = p_matter
                AND m.district_id = ANY (api.center_districts())
                AND NOT (m.id = ANY (api.excluded_matters())))
        OR EXISTS (SELECT 1 FROM mandated_duty d WHERE d.matter_id = p_matter
                   AND mandated_may_exclude(d.id))) THEN
        RAISE EXCEPTION 'this matter is not theirs' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM matters_withdraw(p_matters => ARRAY(SELECT matters_same_matter(p_matter)),
        -- Never from whoever began one: they hold it as `person:`.
        p_holders => ARRAY(SELECT h FROM unnest(p_holders) h WHERE h LIKE 'mac:%'),
            p_kinds => '{duty,register}');
END $$;

GRANT EXECUTE ON FUNCTION api.pass_over TO upstander_center, upstander_district, upstander_school;
