-- Nothing that the owner makes is callable by all; each function names its callers.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The clock that every process shares. Tests replace its body with a table that can be set;
-- here it is plain now(), inlined by the planner, so that indexes on due times are used.
CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT now()';

-- The database writes what a writer must not choose: number, transaction, time, canonical form
-- and leaf hash (RFC 6962 section 2.1: SHA-256 over 0x00 and the entry).
CREATE FUNCTION audit_entry_set() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.id := nextval(pg_get_serial_sequence('audit_entry', 'id'));
    NEW.xid := pg_current_xact_id()::text::bigint;
    NEW.at := date_trunc('second', api.clock_now());
    NEW.canonical := jsonb_build_object(
        'id', NEW.id, 'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'actor_kind', NEW.actor_kind, 'actor_id', NEW.actor_id, 'action', NEW.action,
        'subject_kind', NEW.subject_kind, 'subject_id', NEW.subject_id,
        'district_id', NEW.district_id, 'matter_id', NEW.matter_id, 'detail', NEW.detail)::text;
    NEW.leaf := sha256('\x00'::bytea || convert_to(NEW.canonical, 'UTF8'));
    RETURN NEW;
END $$;

CREATE TRIGGER audit_entry_set BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_set();

CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed or removed'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_entry_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse();

ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
