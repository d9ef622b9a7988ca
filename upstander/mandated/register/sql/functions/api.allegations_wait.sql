-- Whether some report of a district names somebody of staff whom the register doesn't have yet: the
-- center has not settled who must not see it, or nobody of the office may read it. Yes or no, and
-- only to who keeps the register there: neither how many, nor whom, nor whose. One without a school
-- is of every school; what began on a day goes on until it is filed. Where it is kept from whoever
-- asks, or may come to be, it is of every school and day: else the accused would learn them by
-- asking about anybody.
CREATE OR REPLACE FUNCTION api.allegations_wait(p_district bigint, p_school bigint, p_last date)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(p_district = ANY (api.register_districts()), false) AND EXISTS (
        SELECT 1 FROM mandated_duty d WHERE d.district_id = p_district
          AND (d.matter_id = ANY (api.excluded_matters()) OR api.matter_unsettled(d.matter_id)
              OR (p_school IS NULL OR d.school_id IS NULL OR d.school_id = p_school)
              -- By the day in UTC, and a day more: this asks too often rather than too seldom.
              AND (p_last IS NULL OR (d.cause_at AT TIME ZONE 'UTC')::date <= p_last + 1))
          AND (SELECT count(*) FILTER (WHERE e.kind = 'unfiled')
                    > count(*) FILTER (WHERE e.kind = 'filed')
               FROM mandated_dutyevent e WHERE e.duty_id = d.id))
$$;

GRANT EXECUTE ON FUNCTION api.allegations_wait TO upstander_district, upstander_school;
