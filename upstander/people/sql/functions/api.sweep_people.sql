-- The worker's broom: what has run out keeps no key and no trace. Returns how much it swept.
CREATE OR REPLACE FUNCTION api.sweep_people() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH invitations AS (
        UPDATE people_invitation SET link_hash = NULL, wrapped = NULL, signature = NULL
        WHERE wrapped IS NOT NULL AND (expires_at <= api.clock_now() OR misses >= 10) RETURNING 1),
    sessions AS (
        DELETE FROM people_staffsession s
        WHERE people_session_ends(s.started_at, s.used_at) < api.clock_now() RETURNING 1),
    -- A way in that is over: the account is shut, as it was before it was taken up.
    ways AS (
        UPDATE people_person p SET is_active = false FROM people_wayin w
        WHERE w.person_id = p.id AND p.is_active AND w.ends_at <= api.clock_now()
          AND NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = p.id)
        RETURNING 1),
    remembered AS (
        DELETE FROM people_signinmemory WHERE expires_at < now() RETURNING 1),
    browsers AS (
        DELETE FROM django_session WHERE expire_date < api.clock_now() RETURNING 1)
    SELECT (SELECT count(*) FROM invitations) + (SELECT count(*) FROM sessions)
         + (SELECT count(*) FROM browsers) + (SELECT count(*) FROM remembered)
         + (SELECT count(*) FROM ways)
$$;

GRANT EXECUTE ON FUNCTION api.sweep_people TO upstander_worker;
