-- Which teams go out to which towns, each with its newest key and what is signed of it.
CREATE OR REPLACE FUNCTION api.callout_sites() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(to_jsonb(s) || jsonb_build_object('key', k, 'signed', t)), '[]')
    FROM callouts_site s JOIN vault_signedstatement t ON t.subject = 'team:' || s.team_id
    JOIN LATERAL (SELECT h.* FROM vault_holderkey h WHERE h.holder = t.subject
        ORDER BY h.version DESC LIMIT 1) k ON true
$$;

GRANT EXECUTE ON FUNCTION api.callout_sites TO upstander_public;
