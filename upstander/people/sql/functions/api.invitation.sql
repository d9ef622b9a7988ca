-- What an open invitation says, to somebody who holds its link; NULL when it is over.
CREATE OR REPLACE FUNCTION api.invitation(link text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'id', i.id, 'team', i.team_id, 'team_name', t.name, 'kind', t.kind, 'role', i.role,
        'district', t.district_id, 'email', i.email, 'language', i.language,
        'night', i.reachable_at_night,
        'name', encode(i.name, 'hex'), 'phone', encode(i.phone, 'hex'),
        'link_hash', encode(i.link_hash, 'hex'), 'wrapped', encode(i.wrapped, 'hex'),
        'signature', encode(i.signature, 'hex'), 'expires_at', i.expires_at,
        'inviter', (SELECT jsonb_build_object('name', encode(p.name, 'hex'), 'email', p.email)
            FROM people_person p WHERE p.id = i.created_by_id),
        'keys', coalesce((SELECT jsonb_agg(jsonb_build_object('version', k.version,
            'public', encode(k.public, 'hex'), 'signature', encode(k.signature, 'hex')))
            FROM vault_holderkey k WHERE k.holder = 'team:' || i.team_id), '[]'::jsonb),
        'approved', approvals_first_key(i.team_id, i.email),
        'recovery', (SELECT jsonb_build_object('holder', k.holder, 'version', k.version,
            'public', encode(k.public, 'hex'), 'signature', encode(k.signature, 'hex'))
            FROM vault_holderkey k WHERE k.holder = api.recovery_holder(i.team_id)
            ORDER BY k.version DESC LIMIT 1),
        'person', (SELECT jsonb_build_object('id', p.id, 'key', (
            SELECT jsonb_build_object('version', k.version, 'public', encode(k.public, 'hex'),
                'signature', encode(k.signature, 'hex')) FROM vault_holderkey k
            WHERE k.holder = 'person:' || p.id ORDER BY k.version DESC LIMIT 1))
            FROM people_person p WHERE lower(p.email) = lower(i.email) AND p.is_active))
    FROM people_invitation i JOIN people_team t ON t.id = i.team_id
    WHERE i.link_hash = sha256(convert_to(link, 'UTF8')) AND i.used_at IS NULL
      AND i.expires_at > api.clock_now() AND i.misses < 10
$$;

GRANT EXECUTE ON FUNCTION api.invitation TO upstander_signin;
