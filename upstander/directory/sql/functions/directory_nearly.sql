-- The words of a text from four letters on, each whole and with any one letter left out. Two words
-- of which one has a letter more, less, changed, or two of them turned around, share one of these.
CREATE OR REPLACE FUNCTION directory_nearly(p_text text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT one.v), '{}')
    FROM regexp_split_to_table(translate(lower(p_text COLLATE pg_c_utf8), 'áéíóúüñ', 'aeiouun'),
            '[^[:alnum:]]+') w,
        LATERAL (SELECT w UNION ALL
            SELECT overlay(w PLACING '' FROM i FOR 1) FROM generate_series(1, length(w)) i) one(v)
    WHERE length(w) BETWEEN 4 AND 20
$$;
