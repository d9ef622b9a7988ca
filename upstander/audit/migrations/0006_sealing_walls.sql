ALTER TABLE audit_tile ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_checkpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
-- Hashes don't compress, and a tile is read whole.
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
-- An entry's tile: entries are sealed in the order of their transactions, which is almost, but not
-- quite, that of their numbers.
CREATE INDEX audit_tile_span ON audit_tile USING gist (int8range(first, last, '[]'))
    WHERE level = 0;
INSERT INTO audit_head (id, size, xid, entry, above) VALUES (1, 0, 0, 0, 0);

-- What was sealed stays: a tile grows at its end, a checkpoint stands, sealing goes forward.
CREATE FUNCTION audit_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF length(NEW.hashes) % 32 <> 0 OR length(NEW.hashes) NOT BETWEEN 32 AND 8192
       OR (NEW.level = 0) <> (cardinality(NEW.entries) * 32 = length(NEW.hashes)) THEN
        RAISE EXCEPTION 'a tile holds 1 to 256 hashes' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.id <> OLD.id OR NEW.level <> OLD.level OR NEW.number <> OLD.number
       OR length(NEW.hashes) <= length(OLD.hashes)
       OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
       OR NEW.entries[1:cardinality(OLD.entries)] <> OLD.entries) THEN
        RAISE EXCEPTION 'what was sealed is never changed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_tile_grows BEFORE INSERT OR UPDATE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION audit_tile_grows();

CREATE FUNCTION audit_checkpoint_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.at, NEW.size, NEW.note) IS DISTINCT FROM (OLD.id, OLD.at, OLD.size, OLD.note)
       OR NEW.day IS DISTINCT FROM OLD.day THEN
        RAISE EXCEPTION 'a checkpoint is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_checkpoint_stands BEFORE UPDATE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION audit_checkpoint_stands();

CREATE FUNCTION audit_head_advances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size OR NEW.above < OLD.above THEN
        RAISE EXCEPTION 'sealing only goes forward' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_head_advances BEFORE UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_advances();
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['audit_tile', 'audit_checkpoint', 'audit_head'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()', t || '_refuse', t);
    END LOOP;
END $$;

-- The worker seals without reading an entry: hashes and numbers are all it is given. Only what is
-- finished: every transaction before the snapshot's oldest running one has committed or never will,
-- so nothing can commit later and come to stand before what is sealed now. Nobody waits for anybody.
CREATE FUNCTION api.record_due(p_xid bigint, p_entry bigint, p_above bigint, p_most integer)
    RETURNS TABLE (id bigint, xid bigint, leaf bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, e.xid, e.leaf FROM audit_entry e
    WHERE (e.xid, e.id) > (p_xid, p_entry) AND e.id > p_above
      AND e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY e.xid, e.id LIMIT p_most
$$;
REVOKE ALL ON FUNCTION api.record_due(bigint, bigint, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.record_due(bigint, bigint, bigint, integer) TO upstander_worker;

GRANT SELECT, INSERT, UPDATE (hashes, entries, first, last) ON audit_tile TO upstander_worker;
GRANT SELECT, INSERT, UPDATE (given_at) ON audit_checkpoint TO upstander_worker;
GRANT SELECT, UPDATE (size, xid, entry, above) ON audit_head TO upstander_worker;
CREATE POLICY worker ON audit_tile TO upstander_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON audit_checkpoint TO upstander_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON audit_head TO upstander_worker USING (true) WITH CHECK (true);

-- Hashes hide what they are of (each entry has 122 random bits), but how many there were at which
-- minute tells when a child wrote: the center and the administrators may know that, schools and
-- districts see the checkpoint of each night. A query that was tampered with may take on any of the
-- desk's roles; so each policy asks who stands behind it.
GRANT SELECT ON audit_tile, audit_checkpoint TO upstander_center, upstander_admin;
GRANT SELECT ON audit_checkpoint TO upstander_school, upstander_district;
CREATE POLICY center ON audit_tile FOR SELECT TO upstander_center
    USING (cardinality((SELECT api.center_districts())::bigint[]) > 0);
CREATE POLICY center ON audit_checkpoint FOR SELECT TO upstander_center
    USING (cardinality((SELECT api.center_districts())::bigint[]) > 0);
CREATE POLICY admin ON audit_tile FOR SELECT TO upstander_admin
    USING ((SELECT api.scope_is_admin()));
CREATE POLICY admin ON audit_checkpoint FOR SELECT TO upstander_admin
    USING ((SELECT api.scope_is_admin()));
CREATE POLICY school ON audit_checkpoint FOR SELECT TO upstander_school
    USING (day IS NOT NULL AND (SELECT api.scope_person()) IS NOT NULL);
CREATE POLICY district ON audit_checkpoint FOR SELECT TO upstander_district
    USING (day IS NOT NULL AND (SELECT api.scope_person()) IS NOT NULL);
