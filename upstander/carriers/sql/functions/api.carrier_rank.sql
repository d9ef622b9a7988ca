-- How final a state is. What was said later never undoes what was said for good, in whatever order
-- the receipts come: only a higher number takes a lower one's place.
CREATE OR REPLACE FUNCTION api.carrier_rank(state text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state WHEN 'trying' THEN 0 WHEN 'accepted' THEN 1 WHEN 'unknown' THEN 2
        WHEN 'machine' THEN 4 ELSE 3 END
$$;
