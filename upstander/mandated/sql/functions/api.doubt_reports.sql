-- What these persons wrote down of a call counts no more: the matter is kept from them now. Where
-- nobody else has reported, questioning waits again; the next first report lifts that.
CREATE OR REPLACE FUNCTION api.doubt_reports(p_matter uuid, p_people bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT matters_hold_again(p_by => x.by) FROM (
        SELECT DISTINCT coalesce(a.tip_id, a.case_id) AS by FROM mandated_asked a
        WHERE a.matter_id IN (SELECT matters_same_matter(p_matter))) AS x
    WHERE NOT EXISTS (SELECT 1 FROM api.reporters(p_matter) AS r (person)
                      WHERE r.person <> ALL (p_people))
$$;

GRANT EXECUTE ON FUNCTION api.doubt_reports TO upstander_worker;
