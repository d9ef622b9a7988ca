-- Keeps a folder's matter from persons: no view, list, count or page, from this moment. Of a duty
-- only whose it is and the district's compliance lead say so: an office that holds it could shut
-- out whoever watches over it.
CREATE OR REPLACE FUNCTION api.exclude_from_folder(p_folder uuid, p_macs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    matter uuid;
    district bigint;
BEGIN
    SELECT f.matter_id, f.district_id INTO matter, district FROM matters_folder f
        WHERE f.id = p_folder AND api.holds_folder(p_folder)
          AND (f.kind <> 'duty' OR f.opened_by = api.scope_person() OR EXISTS (
              SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
              WHERE m.person_id = api.scope_person() AND m.role = 'compliance_lead'
                AND t.kind = 'office' AND t.district_id = f.district_id));
    IF matter IS NULL OR api.scope_mac() = ANY (p_macs) THEN
        RAISE EXCEPTION 'this matter can''t be kept from them here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM matters_exclude(p_matter => matter, p_district => district, p_macs => p_macs);
END $$;

GRANT EXECUTE ON FUNCTION api.exclude_from_folder TO upstander_center, upstander_district,
    upstander_school;
