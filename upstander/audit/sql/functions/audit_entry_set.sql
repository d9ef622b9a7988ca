-- The database writes what a writer must not choose: number, transaction, time, canonical form
-- and leaf hash (RFC 6962 section 2.1: SHA-256 over 0x00 and the entry).
CREATE OR REPLACE FUNCTION audit_entry_set() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who jsonb := jsonb_build_object('actor_id', NEW.actor_id);
BEGIN
    NEW.id := nextval(pg_get_serial_sequence('audit_entry', 'id'));
    NEW.xid := pg_current_xact_id()::text::bigint;
    NEW.at := date_trunc('second', api.clock_now());
    -- Proofs of a duty go to outsiders who may not know whose it is. So its text doesn't number who
    -- acted, it commits to them: no two entries say the same of one person, and whoever holds the
    -- nonce, which goes into no proof, can show that none was exchanged.
    NEW.actor_nonce := NULL;
    IF NEW.subject_kind = 'duty' THEN
        NEW.actor_nonce := gen_random_uuid();
        who := jsonb_build_object('actor', encode(sha256(convert_to(
            NEW.actor_nonce || ':' || coalesce(NEW.actor_id::text, ''), 'UTF8')), 'hex'));
    END IF;
    NEW.canonical := (who || jsonb_build_object(
        'id', NEW.id, 'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'actor_kind', NEW.actor_kind, 'action', NEW.action,
        'subject_kind', NEW.subject_kind, 'subject_id', NEW.subject_id,
        'district_id', NEW.district_id, 'matter_id', NEW.matter_id, 'detail', NEW.detail,
        -- 122 random bits from the server's strong source (pg_strong_random).
        'blind', gen_random_uuid()))::text;
    NEW.leaf := sha256('\x00'::bytea || convert_to(NEW.canonical, 'UTF8'));
    RETURN NEW;
END $$;
