-- Tips that are linked move to one matter, and much stays behind that names the other: duties, folders,
-- register entries, tasks, briefs, holds, the record. Some of it may never change. So a matter that was
-- taken up stays, says by which (never a chain: `merged_into` is always one that stands for itself), and
-- has each bar of the other, as the other has each of its own. Whatever a row names, whoever asks for
-- that matter's bars finds them all, and every policy stays as it is.

-- All the matters that are one with this, itself among them.
CREATE FUNCTION places_same_matter(p_matter uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
    SELECT p_matter
    UNION SELECT m.merged_into_id FROM places_matter m
        WHERE m.id = p_matter AND m.merged_into_id IS NOT NULL
    UNION SELECT m.id FROM places_matter m WHERE m.merged_into_id =
        (SELECT coalesce(own.merged_into_id, own.id) FROM places_matter own WHERE own.id = p_matter)
$$;

-- Said to the tables' owner too, and to a center, which may write a matter down.
CREATE FUNCTION places_matter_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT'
       OR EXISTS (SELECT 1 FROM places_matter m WHERE m.merged_into_id = NEW.id)
       OR NOT EXISTS (SELECT 1 FROM places_matter m WHERE m.id = NEW.merged_into_id
                      AND m.merged_into_id IS NULL AND m.district_id = NEW.district_id) THEN
        RAISE EXCEPTION 'a matter is taken up by one of its district that stands for itself'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER places_matter_guard BEFORE INSERT OR UPDATE OF merged_into_id ON places_matter
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION places_matter_guard();

-- A bar on one is a bar on all, whenever it is set and by whichever road. Waits for whoever is linking
-- one of them: who sees the bars first has then seen all the matters, or the other way round.
CREATE FUNCTION places_bars_join() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    roots uuid[];
    held uuid[];
BEGIN
    LOOP
        SELECT array_agg(m.root ORDER BY m.root) INTO roots
            FROM (SELECT DISTINCT coalesce(m.merged_into_id, m.id) AS root
                  FROM fresh f JOIN places_matter m ON m.id = f.matter_id) AS m;
        -- None: what this very trigger added was there already.
        EXIT WHEN roots IS NULL OR roots = held;
        PERFORM 1 FROM places_matter WHERE id = ANY (roots) ORDER BY id FOR NO KEY UPDATE;
        held := roots;
    END LOOP;
    IF NOT EXISTS (SELECT 1 FROM places_matter WHERE merged_into_id = ANY (roots)) THEN
        RETURN NULL;
    END IF;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT m.id, m.district_id, b.person_mac
        FROM (SELECT DISTINCT coalesce(m.merged_into_id, m.id) AS root, f.person_mac
              FROM fresh f JOIN places_matter m ON m.id = f.matter_id) AS b
            CROSS JOIN LATERAL places_same_matter(b.root) AS s (id) JOIN places_matter m ON m.id = s.id
        WHERE NOT EXISTS (SELECT 1 FROM places_matterbar x
                          WHERE x.matter_id = m.id AND x.person_mac = b.person_mac)
        ON CONFLICT DO NOTHING;
    PERFORM places_restrict_all(root) FROM unnest(roots) AS root;
    RETURN NULL;
END $$;
CREATE FUNCTION places_restrict_all(p_matter uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE places_matter SET restricted = true
    WHERE NOT restricted AND id IN (SELECT places_same_matter(p_matter)) AND EXISTS (
        SELECT 1 FROM places_matter m WHERE m.restricted AND m.id IN (SELECT places_same_matter(p_matter)))
$$;
CREATE TRIGGER places_bars_join AFTER INSERT ON places_matterbar
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION places_bars_join();

-- Makes two matters one, for good; returns the one that stands for both. Whom either bars loses what
-- was granted to them by name in any folder of it.
CREATE FUNCTION places_merge(p_gone uuid, p_kept uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid;
    kept uuid;
BEGIN
    LOOP
        SELECT coalesce(m.merged_into_id, m.id) INTO gone FROM places_matter m WHERE m.id = p_gone;
        SELECT coalesce(m.merged_into_id, m.id) INTO kept FROM places_matter m WHERE m.id = p_kept;
        -- In one order, so that two who link the same pair do not wait for each other.
        PERFORM 1 FROM places_matter WHERE id IN (gone, kept) ORDER BY id FOR UPDATE;
        EXIT WHEN NOT EXISTS (SELECT 1 FROM places_matter
                              WHERE id IN (gone, kept) AND merged_into_id IS NOT NULL);
    END LOOP;
    IF gone IS NULL OR kept IS NULL THEN
        RAISE EXCEPTION 'there is no such matter' USING ERRCODE = 'foreign_key_violation';
    ELSIF gone = kept THEN
        RETURN kept;
    END IF;
    UPDATE places_matter SET merged_into_id = kept WHERE merged_into_id = gone;
    UPDATE places_matter SET merged_into_id = kept WHERE id = gone;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT m.id, m.district_id, b.person_mac
        FROM places_same_matter(kept) AS s (id) JOIN places_matter m ON m.id = s.id
            CROSS JOIN (SELECT DISTINCT x.person_mac FROM places_matterbar x
                        WHERE x.matter_id IN (SELECT places_same_matter(kept))) AS b
        ON CONFLICT DO NOTHING;
    PERFORM places_restrict_all(kept);
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now())
        FROM places_folder f WHERE f.id = g.folder_id AND g.withdrawn_at IS NULL
          AND f.matter_id IN (SELECT places_same_matter(kept))
          AND g.holder IN (SELECT 'mac:' || encode(b.person_mac, 'hex') FROM places_matterbar b
                           WHERE b.matter_id = kept);
    RETURN kept;
END $$;

-- By a counselor, for tips of a district that their center serves.
CREATE FUNCTION api.merge_matters(p_gone uuid, p_kept uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM places_matter m WHERE m.id IN (p_gone, p_kept)
        AND m.district_id = ANY (api.center_districts())
        AND NOT (m.id = ANY (api.barred_matters()))) <> 2 THEN
        RAISE EXCEPTION 'these matters are not yours to link' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN places_merge(p_gone, p_kept);
END $$;

-- Report first, ask later: whichever of the matters the duty was begun in.
CREATE OR REPLACE FUNCTION api.matter_on_hold(p_matter uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_person() IS NOT NULL AND NOT (p_matter = ANY (api.barred_matters()))
       AND EXISTS (SELECT 1 FROM places_matterhold h
                   WHERE h.matter_id IN (SELECT places_same_matter(p_matter))
                     AND h.lifted_at IS NULL AND NOT (api.scope_person() = ANY (h.passed_by)))
$$;

-- Keeps a folder's matter from persons: no view, list, count or page, from this moment.
CREATE OR REPLACE FUNCTION api.bar_folder(p_folder uuid, p_macs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    matter uuid;
    district bigint;
BEGIN
    SELECT f.matter_id, f.district_id INTO matter, district FROM places_folder f
        WHERE f.id = p_folder AND api.holds_folder(p_folder);
    IF matter IS NULL OR api.scope_mac() = ANY (p_macs) THEN
        RAISE EXCEPTION 'this matter can''t be kept from them here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- First the one that stands for all, as whoever links does.
    PERFORM 1 FROM places_matter m WHERE m.id = (SELECT coalesce(own.merged_into_id, own.id)
        FROM places_matter own WHERE own.id = matter) FOR NO KEY UPDATE;
    UPDATE places_matter SET restricted = true WHERE id = matter;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT matter, district, m FROM unnest(p_macs) m ON CONFLICT DO NOTHING;
    PERFORM places_restrict_all(matter);
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now())
        FROM places_folder f WHERE f.id = g.folder_id
          AND f.matter_id IN (SELECT places_same_matter(matter))
          AND g.withdrawn_at IS NULL
          AND g.holder IN (SELECT 'mac:' || encode(m, 'hex') FROM unnest(p_macs) m);
END $$;

REVOKE ALL ON FUNCTION places_same_matter, places_matter_guard, places_bars_join, places_restrict_all,
    places_merge, api.merge_matters FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.merge_matters(uuid, uuid) TO upstander_center;
