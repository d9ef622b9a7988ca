-- A monitor keeps their own ways to be reached, like everybody else, and is told of nothing else.
GRANT SELECT, INSERT, DELETE, UPDATE (label, digit, verified_at, broken_at, broken_reason,
    broken_told, code, code_expires_at, code_due_at, tries)
    ON carriers_contactmethod TO upstander_monitor;
CREATE POLICY own_upstander_monitor ON carriers_contactmethod TO upstander_monitor
    USING (person_id = (SELECT api.scope_person()))
    WITH CHECK (person_id = (SELECT api.scope_person()));
GRANT SELECT (id, chain, for_id, purpose, person_id, method_id, channel, provider, provider_ref,
    state, reason, code, open, attempted_at, changed_at, told)
    ON carriers_delivery TO upstander_monitor;
CREATE POLICY own_upstander_monitor ON carriers_delivery FOR SELECT TO upstander_monitor
    USING (person_id = (SELECT api.scope_person()) AND for_id IS NULL);
GRANT SELECT ON carriers_providerhealth TO upstander_monitor;
CREATE POLICY staff_upstander_monitor ON carriers_providerhealth FOR SELECT TO upstander_monitor
    USING ((SELECT api.scope_person()) IS NOT NULL);
GRANT INSERT ON carriers_notice TO upstander_monitor;
CREATE POLICY tell_upstander_monitor ON carriers_notice FOR INSERT TO upstander_monitor
    WITH CHECK (person_id = (SELECT api.scope_person()));
