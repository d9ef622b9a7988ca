-- A brief's page opens with its own key and its tip's shred key. Officers read the shred keys of the tips
-- that they have a brief of: alone these open nothing, and officers hold no grant of any tip.
GRANT SELECT ON vault_shredkey TO upstander_police;
CREATE POLICY police ON vault_shredkey FOR SELECT TO upstander_police
    USING (EXISTS (SELECT 1 FROM dispatch_brief b WHERE b.tip_id = vault_shredkey.subject));
