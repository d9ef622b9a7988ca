-- Where a matter was given up for another, either may stand on the row: the exclusions of both are
-- one.
CREATE OR REPLACE FUNCTION escalations_excluded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Never left out because the like stands already: the worker may be taking that away just now,
    -- having looked for exclusions before this one was there.
    INSERT INTO escalations_news (subject_id, kind, at)
    SELECT s.id, 'excluded', date_trunc('second', api.clock_now()) FROM (
        SELECT a.subject_id AS id FROM escalations_alert a
            WHERE a.state <> 'ended' AND a.matter_id IN (SELECT f.matter_id FROM fresh f)
        UNION
        SELECT k.subject_id FROM escalations_task k
            WHERE k.state = 'taken' AND k.matter_id IN (SELECT f.matter_id FROM fresh f)) AS s;
    RETURN NULL;
END $$;
