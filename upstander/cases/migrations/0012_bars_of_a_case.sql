-- A case is one thing to whom it accuses: whoever is kept out of it is kept from each of its tips, and from
-- each tip that comes to it later; whom one of its tips bars, from the others. So bars are carried both ways,
-- whoever sets them and by whichever road. Each row that is added carries on by itself, and what is there
-- already is not added: so it ends, however cases share their tips.

-- The matters of one case: its own and its tips'.
CREATE FUNCTION cases_matters(p_case uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.matter_id FROM cases_case c WHERE c.id = p_case
    UNION SELECT t.matter_id FROM cases_casetip t WHERE t.case_id = p_case
$$;

-- Gives each matter of a case the bars of this one of them. In the order of their ids, as whoever links
-- locks them; where two who bar at once in one case still wait for each other, the database ends one of
-- the two, nothing of theirs is kept, and they are told to try again.
CREATE FUNCTION cases_carry_bars(p_from uuid, p_case uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT m.id, m.district_id, b.person_mac
        FROM places_matter m CROSS JOIN places_matterbar b
        WHERE m.id IN (SELECT cases_matters(p_case)) AND m.id <> p_from AND b.matter_id = p_from
          AND NOT EXISTS (SELECT 1 FROM places_matterbar x
                          WHERE x.matter_id = m.id AND x.person_mac = b.person_mac)
        ORDER BY m.id
        ON CONFLICT DO NOTHING;
    UPDATE places_matter m SET restricted = true
        WHERE m.id IN (SELECT cases_matters(p_case)) AND NOT m.restricted
          AND EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = m.id);
    -- What was granted to them by name in a folder of these goes with it, as where a bar is set.
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now())
        FROM places_folder f JOIN places_matterbar b ON b.matter_id = f.matter_id
        WHERE f.matter_id IN (SELECT cases_matters(p_case)) AND g.folder_id = f.id
          AND g.withdrawn_at IS NULL AND g.holder = 'mac:' || encode(b.person_mac, 'hex');
$$;

-- Waits for whoever is barring somebody from one of these, or linking one: by the one that stands for all.
CREATE FUNCTION cases_hold_matters(p_matters uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM places_matter r WHERE r.id IN (
        SELECT coalesce(m.merged_into_id, m.id) FROM places_matter m WHERE m.id = ANY (p_matters))
        ORDER BY r.id FOR NO KEY UPDATE;
END $$;

-- What is written on a case, or on one of its tips. A case itself is made with its first tip's matter, or
-- with a new one: its bars come afterwards.
CREATE OR REPLACE FUNCTION cases_bars_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A tip may be coming to a case just now: who comes second sees what the other wrote.
    PERFORM cases_hold_matters(ARRAY[NEW.matter_id]);
    PERFORM cases_carry_bars(NEW.matter_id, x.case_id) FROM (
        SELECT t.case_id FROM cases_casetip t WHERE t.matter_id = NEW.matter_id
        UNION SELECT c.id FROM cases_case c WHERE c.matter_id = NEW.matter_id ORDER BY 1) AS x;
    RETURN NULL;
END $$;

-- A tip that comes to a case, or moves to another matter: what bars on either side there were.
CREATE FUNCTION cases_join_bars(p_matter uuid, p_case uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM cases_hold_matters(ARRAY(SELECT cases_matters(p_case)));
    PERFORM cases_carry_bars(p_matter, p_case);
    PERFORM cases_carry_bars(c.matter_id, c.id) FROM cases_case c WHERE c.id = p_case;
END $$;

CREATE OR REPLACE FUNCTION cases_tip_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_casetip SET matter_id = NEW.matter_id WHERE tip_id = NEW.id;
    PERFORM cases_join_bars(NEW.matter_id, t.case_id) FROM cases_casetip t WHERE t.tip_id = NEW.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION cases_tip_joins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The tip before its matter, as whoever bars somebody at the center.
    UPDATE tips_tip SET disposition = cases_told(NEW.tip_id)
        WHERE id = NEW.tip_id AND state = 'handed_off';
    PERFORM cases_join_bars(NEW.matter_id, NEW.case_id);
    RETURN NULL;
END $$;

DROP FUNCTION cases_take_bars(uuid, uuid);

-- The trigger above looks for a matter's cases with each bar.
CREATE INDEX case_matter ON cases_case (matter_id);

-- A counselor who was barred has claimed a tip that they see no more: it waits on the queue again. Only the
-- worker can tell whom a bar means, and it reads no tip: so it is told which claimed tips bar somebody, says
-- who of them is barred, and may do nothing else about it.
CREATE INDEX tip_claimed_matter ON tips_tip (matter_id) WHERE state = 'claimed';

CREATE FUNCTION api.claims_with_bars() RETURNS TABLE (tip uuid, claimed_by bigint, bars bytea[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.claimed_by, array_agg(b.person_mac)
    FROM tips_tip t JOIN places_matterbar b ON b.matter_id = t.matter_id
    WHERE t.state = 'claimed' AND t.claimed_by IS NOT NULL GROUP BY t.id ORDER BY t.id
$$;

-- False: somebody is at work on it; the next second tries again. As in cases_claims_left.
CREATE FUNCTION api.put_back_barred(p_tip uuid, p_person bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    claimed tips_tip%ROWTYPE;
BEGIN
    SELECT t.* INTO claimed FROM tips_tip t
        WHERE t.id = p_tip AND t.state = 'claimed' AND t.claimed_by = p_person
          AND EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = t.matter_id)
        FOR UPDATE OF t SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE tips_tip SET state = 'new', claimed_by = NULL, claimed_at = NULL, changed_at = at,
        waiting_since = coalesce(waiting_since, at) WHERE id = claimed.id;
    -- They may have claimed it, and with it its alert, after the word of the bar was worked off.
    INSERT INTO escalations_news (subject_id, kind, at) VALUES (claimed.id, 'barred', at);
    INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
        detail) VALUES ('system', 'tip put back', 'tip', claimed.id::text, claimed.district_id,
        claimed.matter_id, '{}');
    PERFORM pg_notify('tips', claimed.id::text);
    RETURN true;
END $$;

-- Whose sessions have a tip by their own name, since a bar sealed it to persons: what they see, their
-- colleagues may not, and one of these never looks through for another in the live stream.
CREATE FUNCTION api.live_named(p_hashes bytea[]) RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.token_hash FROM places_staffsession s
    WHERE s.token_hash = ANY (p_hashes) AND EXISTS (
        SELECT 1 FROM tips_recipient y WHERE y.holder = 'mac:' || encode(s.person_mac, 'hex'))
$$;

REVOKE ALL ON FUNCTION cases_matters, cases_carry_bars, cases_hold_matters, cases_join_bars,
    api.claims_with_bars, api.put_back_barred, api.live_named FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.live_named(bytea[]) TO upstander_staff;
GRANT EXECUTE ON FUNCTION api.claims_with_bars, api.put_back_barred TO upstander_worker;

-- Cases of before this.
SELECT cases_join_bars(t.matter_id, t.case_id) FROM cases_casetip t ORDER BY t.case_id, t.id;
