-- Who keeps a district's things sees what waits there, asks, and agrees to what somebody else asked.
ALTER TABLE places_importproposal ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE, UPDATE (agreed_by, agreed_at) ON places_importproposal
    TO upstander_district, upstander_admin;
CREATE POLICY district_sees ON places_importproposal FOR SELECT TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[]));
CREATE POLICY district_ends ON places_importproposal FOR DELETE TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[]));
CREATE POLICY district_asks ON places_importproposal FOR INSERT TO upstander_district
    WITH CHECK (district_id = ANY ((SELECT api.lead_districts())::bigint[])
                AND proposed_by = (SELECT api.scope_person()) AND agreed_by IS NULL);
CREATE POLICY district_agrees ON places_importproposal FOR UPDATE TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[]))
    WITH CHECK (district_id = ANY ((SELECT api.lead_districts())::bigint[])
                AND agreed_by = (SELECT api.scope_person()));
CREATE POLICY admin_sees ON places_importproposal FOR SELECT TO upstander_admin
    USING ((SELECT api.scope_is_admin()));
CREATE POLICY admin_ends ON places_importproposal FOR DELETE TO upstander_admin
    USING ((SELECT api.scope_is_admin()));
CREATE POLICY admin_asks ON places_importproposal FOR INSERT TO upstander_admin
    WITH CHECK ((SELECT api.scope_is_admin())
                AND proposed_by = (SELECT api.scope_person()) AND agreed_by IS NULL);
CREATE POLICY admin_agrees ON places_importproposal FOR UPDATE TO upstander_admin
    USING ((SELECT api.scope_is_admin()))
    WITH CHECK ((SELECT api.scope_is_admin()) AND agreed_by = (SELECT api.scope_person()));
