-- An officer is told of a brief like everybody else: they keep their own ways to be reached.
GRANT SELECT, INSERT, DELETE, UPDATE (label, digit, verified_at, broken_at, broken_reason,
    broken_told, code, code_expires_at, code_due_at, tries)
    ON carriers_contactmethod TO upstander_police;
CREATE POLICY own_upstander_police ON carriers_contactmethod TO upstander_police
    USING (person_id = (SELECT api.scope_person()))
    WITH CHECK (person_id = (SELECT api.scope_person()));
GRANT SELECT (id, chain, for_id, purpose, person_id, method_id, channel, provider, provider_ref,
    state, reason, code, open, attempted_at, changed_at, told)
    ON carriers_delivery TO upstander_police;
CREATE POLICY own_upstander_police ON carriers_delivery FOR SELECT TO upstander_police
    USING (person_id = (SELECT api.scope_person()) AND for_id IS NULL);
GRANT SELECT ON carriers_providerhealth TO upstander_police;
CREATE POLICY staff_upstander_police ON carriers_providerhealth FOR SELECT TO upstander_police
    USING ((SELECT api.scope_person()) IS NOT NULL);
GRANT INSERT ON carriers_notice TO upstander_police;
CREATE POLICY tell_upstander_police ON carriers_notice FOR INSERT TO upstander_police
    WITH CHECK (person_id = (SELECT api.scope_person()));
