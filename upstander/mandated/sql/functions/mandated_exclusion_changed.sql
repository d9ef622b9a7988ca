-- The figures of its months change with an exclusion; and where somebody who held a duty of the
-- matter is kept out, its owner is asked to grant it to whoever comes next.
CREATE OR REPLACE FUNCTION mandated_exclusion_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_changed(x.district_id, x.month) FROM (
        SELECT DISTINCT d.district_id, d.month FROM mandated_duty d
        WHERE d.matter_id = coalesce(NEW.matter_id, OLD.matter_id) AND d.written_at IS NOT NULL
        ORDER BY 1, 2) AS x;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO mandated_routing (duty_id, district_id, matter_id, past_building, waits, since,
            remind_at, reminded)
        SELECT d.id, d.district_id, d.matter_id, false, true, now.at, now.at, 0
        FROM mandated_duty d, (SELECT date_trunc('second', api.clock_now()) AS at) AS now
        WHERE d.matter_id = NEW.matter_id AND EXISTS (
            SELECT 1 FROM matters_foldergrant g WHERE g.folder_id = d.folder_id
              AND g.holder IN (SELECT 'own:' || encode(matters_bound(n, d.folder_id), 'hex')
                  FROM matters_near_macs() AS n WHERE matters_bound(n,
                      NEW.bound_to) = NEW.person_mac))
        ORDER BY d.id
        ON CONFLICT (duty_id) DO UPDATE SET waits = true,
            remind_at = coalesce(mandated_routing.remind_at, excluded.remind_at);
    END IF;
    RETURN NULL;
END $$;
