-- Somebody is kept out: who owes an answer and can give it no more, the worker alone can tell. So
-- too who has answered for the file, or reported: until it has looked, no answer for the file of
-- this matter counts. Whoever steps aside is accused of nothing: what they did stands.
CREATE OR REPLACE FUNCTION mandated_excluded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked a SET climb_at = now.at,
        remind_at = CASE WHEN f.answered THEN coalesce(a.remind_at, now.at + interval '20 minutes')
            ELSE a.remind_at END,
        for_file = CASE WHEN f.answered THEN NULL ELSE a.for_file END
    FROM (SELECT date_trunc('second', api.clock_now()) AS at) AS now, mandated_asked o,
        LATERAL (SELECT EXISTS (SELECT 1 FROM mandated_fileanswer w WHERE w.asked_id = o.id)
            AND NEW.person_mac IS DISTINCT FROM matters_bound(api.scope_mac(), NEW.bound_to)
            AS answered) AS f
    WHERE a.id = o.id AND a.matter_id = NEW.matter_id;
    RETURN NULL;
END $$;
