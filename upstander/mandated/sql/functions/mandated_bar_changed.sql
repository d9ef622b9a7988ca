CREATE OR REPLACE FUNCTION mandated_bar_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_changed(x.district_id, x.month) FROM (
        SELECT DISTINCT d.district_id, d.month FROM mandated_duty d
        WHERE d.matter_id = coalesce(NEW.matter_id, OLD.matter_id) AND d.written_at IS NOT NULL
        ORDER BY 1, 2) AS x;
    RETURN NULL;
END $$;
