-- What was sealed stays: a tile grows at its end, a checkpoint stands, sealing goes forward.
CREATE OR REPLACE FUNCTION audit_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$
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
