-- Bars reach a matter by many roads: from a tip, from a case, from another matter that became one with it.
-- Whichever it was, what was granted to the barred by name in a folder of it is withdrawn with the bar.
CREATE FUNCTION places_names_taken_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now())
        FROM fresh b JOIN places_folder f ON f.matter_id = b.matter_id
        WHERE g.folder_id = f.id AND g.withdrawn_at IS NULL
          AND g.holder = 'mac:' || encode(b.person_mac, 'hex');
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION places_names_taken_back() FROM PUBLIC;
CREATE TRIGGER places_names_taken_back AFTER INSERT ON places_matterbar
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION places_names_taken_back();
