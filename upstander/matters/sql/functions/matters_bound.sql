-- What stands for a person's opaque code in a row: bound to that row's matter, folder or tip, so
-- that no two rows can be joined by it. `bound` in Python is the same.
CREATE OR REPLACE FUNCTION matters_bound(p_mac bytea, p_to uuid) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT sha256(p_mac || uuid_send(p_to)) $$;
