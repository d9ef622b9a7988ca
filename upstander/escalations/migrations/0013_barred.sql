-- Somebody is kept from a matter: what they had of it must not stay in their name, out of their sight, with
-- a clock that they stilled. Only the worker can tell whom a bar means (it is a keyed code, and the key is a
-- file), so it is told of every bar, by a trigger: no road to a bar, of today or later, forgets it.

-- Where a matter was given up for another, either may stand on the row: the bars of both are one.
CREATE FUNCTION escalations_barred() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Never left out because the like stands already: the worker may be taking that away just now, having
    -- looked for bars before this one was there.
    INSERT INTO escalations_news (subject_id, kind, at)
    SELECT s.id, 'barred', date_trunc('second', api.clock_now()) FROM (
        SELECT a.subject_id AS id FROM escalations_alert a
            WHERE a.state <> 'ended' AND a.matter_id IN (SELECT f.matter_id FROM fresh f)
        UNION
        SELECT k.subject_id FROM escalations_task k
            WHERE k.state = 'taken' AND k.matter_id IN (SELECT f.matter_id FROM fresh f)) AS s;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION escalations_barred() FROM PUBLIC;
CREATE TRIGGER escalations_barred AFTER INSERT ON places_matterbar
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION escalations_barred();

-- Whoever was barred before this is looked for once.
INSERT INTO escalations_news (subject_id, kind, at)
SELECT s.id, 'barred', date_trunc('second', api.clock_now()) FROM (
    SELECT a.subject_id AS id FROM escalations_alert a JOIN places_matterbar b USING (matter_id)
        WHERE a.state <> 'ended'
    UNION
    SELECT k.subject_id FROM escalations_task k JOIN places_matterbar b USING (matter_id)
        WHERE k.state = 'taken') AS s;
