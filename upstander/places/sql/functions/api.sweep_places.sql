-- The worker's broom: what has run out keeps no key and no trace. Returns how much it swept.
CREATE OR REPLACE FUNCTION api.sweep_places() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH invitations AS (
        UPDATE places_invitation SET link_hash = NULL, wrapped = NULL, signature = NULL
        WHERE wrapped IS NOT NULL AND (expires_at <= api.clock_now() OR misses >= 10) RETURNING 1),
    sessions AS (
        DELETE FROM places_staffsession s
        WHERE places_session_ends(s.started_at, s.used_at) < api.clock_now() RETURNING 1),
    -- A way in that is over: the account is shut, as it was before it was taken up.
    ways AS (
        UPDATE places_person p SET is_active = false FROM places_wayin w
        WHERE w.person_id = p.id AND p.is_active AND w.ends_at <= api.clock_now()
          AND NOT EXISTS (SELECT 1 FROM places_membership m WHERE m.person_id = p.id)
        RETURNING 1),
    remembered AS (
        DELETE FROM places_signinmemory WHERE expires_at < now() RETURNING 1),
    -- No backup that old is restored by the list (retention/tombstones.py).
    taken AS (
        DELETE FROM places_takenback WHERE at < api.clock_now() - interval '70 days' RETURNING 1),
    browsers AS (
        DELETE FROM django_session WHERE expire_date < api.clock_now() RETURNING 1)
    SELECT (SELECT count(*) FROM invitations) + (SELECT count(*) FROM sessions)
         + (SELECT count(*) FROM browsers) + (SELECT count(*) FROM remembered)
         + (SELECT count(*) FROM ways) + (SELECT count(*) FROM taken)
$$;

GRANT EXECUTE ON FUNCTION api.sweep_places TO upstander_worker;
