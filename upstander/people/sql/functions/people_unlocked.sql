-- Whether the session behind this transaction was opened with the person's own key.
CREATE OR REPLACE FUNCTION people_unlocked() RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM people_staffsession s
        WHERE s.token_hash = people_token_hash() AND s.sealed_seed IS NOT NULL)
$$;
