-- What the public site may know of the places: names, the centers' public keys, and what is signed
-- of districts and schools, by which the site goes.
CREATE OR REPLACE FUNCTION api.public_places() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
      'districts', coalesce((SELECT jsonb_agg(jsonb_build_object(
          'id', d.id, 'slug', d.slug, 'name', d.name, 'time_zone', d.time_zone,
          'languages', to_jsonb(d.languages), 'center', d.center_id, 'catch_all', d.catch_all,
              'state', d.state,
          'tiles', coalesce((SELECT jsonb_agg(jsonb_build_object('tile', c.tile, 'texts', c.texts,
              'position', c.position, 'hidden', c.hidden)) FROM places_tilechange c
              WHERE c.district_id = d.id), '[]'::jsonb)) ORDER BY d.name)
          FROM places_district d), '[]'::jsonb),
      'schools', coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'slug', s.slug,
          'name', s.name, 'town', s.town, 'grades', s.grades, 'district', s.district_id)
          ORDER BY s.name)
          FROM places_school s), '[]'::jsonb),
      'centers', coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name,
          'phone', c.callback_phone)) FROM places_center c), '[]'::jsonb),
      'keys', coalesce((SELECT jsonb_agg(jsonb_build_object('holder', k.holder,
          'version', k.version, 'public', encode(k.public, 'hex'),
          'signature', encode(k.signature, 'hex')))
          FROM people_team t
          JOIN LATERAL (SELECT * FROM vault_holderkey h WHERE h.holder = 'team:' || t.id
                        ORDER BY version DESC LIMIT 1) k ON true
          WHERE t.kind = 'center'), '[]'::jsonb),
      'statements', coalesce((SELECT jsonb_agg(jsonb_build_object('subject', s.subject,
          'counter', s.counter, 'text', s.text, 'signature', encode(s.signature, 'hex')))
          FROM vault_signedstatement s
          WHERE starts_with(s.subject, 'district:') OR starts_with(s.subject, 'school:')),
          '[]'::jsonb))
$$;

GRANT EXECUTE ON FUNCTION api.public_places TO upstander_public;
