-- Keeps a folder's matter from persons: no view, list, count or page, from this moment. Of a duty
-- only whose it is and the district's compliance lead say so: an office that holds it could shut
-- out whoever watches over it.
CREATE OR REPLACE FUNCTION api.bar_folder(p_folder uuid, p_macs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    matter uuid;
    district bigint;
BEGIN
    SELECT f.matter_id, f.district_id INTO matter, district FROM places_folder f
        WHERE f.id = p_folder AND api.holds_folder(p_folder)
          AND (f.kind <> 'duty' OR f.opened_by = api.scope_person() OR EXISTS (
              SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
              WHERE m.person_id = api.scope_person() AND m.role = 'compliance_lead'
                AND t.kind = 'office' AND t.district_id = f.district_id));
    IF matter IS NULL OR api.scope_mac() = ANY (p_macs) THEN
        RAISE EXCEPTION 'this matter can''t be kept from them here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- First the one that stands for all, as whoever links does.
    PERFORM 1 FROM places_matter m WHERE m.id = (SELECT coalesce(own.merged_into_id, own.id)
        FROM places_matter own WHERE own.id = matter) FOR NO KEY UPDATE;
    UPDATE places_matter SET restricted = true WHERE id = matter;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT matter, district, m FROM unnest(p_macs) m ON CONFLICT DO NOTHING;
    PERFORM places_restrict_all(matter);
    PERFORM places_withdraw(p_matters => ARRAY(SELECT places_same_matter(matter)),
        p_holders => ARRAY(SELECT 'mac:' || encode(m, 'hex') FROM unnest(p_macs) m));
END $$;

GRANT EXECUTE ON FUNCTION api.bar_folder TO upstander_center, upstander_district, upstander_school;
