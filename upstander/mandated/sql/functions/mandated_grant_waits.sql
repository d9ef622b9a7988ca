-- While who must not see a matter's tip is not settled, a report about it opens for its owner
-- alone: no office is granted it, nor the register's entry, whoever asks and by whichever road.
CREATE OR REPLACE FUNCTION mandated_grant_waits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM matters_folder f WHERE f.id = NEW.folder_id
               AND f.kind = ANY ('{duty,register}'::text[])
               AND NEW.holder <> 'person:' || f.opened_by
                   AND api.matter_unsettled(f.matter_id)) THEN
        RAISE EXCEPTION 'first the center settles who must not see this'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Nor is whom an exclusion names that waits for a second person, or that they refused for the
    -- tip.
    IF EXISTS (SELECT 1 FROM mandated_wideexclusion w JOIN mandated_duty d ON d.id = w.duty_id
               WHERE d.folder_id = NEW.folder_id AND matters_bound(
                   matters_mac_of(NEW.holder), w.matter_id) = ANY (w.person_macs)) THEN
        RAISE EXCEPTION 'this report is kept from them' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
