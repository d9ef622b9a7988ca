-- The call that has one of these marks, as its documents need it. With p_lock whoever asks holds
-- the mark's lock until the transaction ends: of two that say at once that it was picked up the
-- second finds what the first began. `past`: it was heard of, and is over or forgotten.
CREATE OR REPLACE FUNCTION api.door_call(p_marks bytea[], p_lock boolean DEFAULT false)
    RETURNS TABLE (call_id uuid, tip_id uuid, district_id bigint, state text, language text,
        line text, room text, held bytea, waits real, held_for real, ringing boolean,
        wished boolean, inbox_public bytea, past boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF p_lock THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('call ' || encode(p_marks[1], 'hex'), 0));
    END IF;
    UPDATE doors_call c SET heard_at = date_trunc('second', api.clock_now())
        WHERE c.mark = ANY (p_marks) AND c.ended_at IS NULL;
    RETURN QUERY SELECT c.id, c.tip_id, c.district_id, c.state::text, c.language::text,
            c.line::text, c.room::text, c.held,
            extract(epoch FROM api.clock_now() - coalesce(c.waits_since, c.begun_at))::real,
            coalesce(extract(epoch FROM api.clock_now() - c.held_at), 0)::real,
            EXISTS (SELECT 1 FROM doors_leg g WHERE g.call_id = c.id AND g.kind = 'fallback'
                AND g.state <> 'over'),
            EXISTS (SELECT 1 FROM doors_callback b WHERE b.tip_id = c.tip_id
                AND b.ended_at IS NULL),
            t.inbox_public, c.ended_at IS NOT NULL
        FROM doors_call c JOIN tips_tip t ON t.id = c.tip_id WHERE c.mark = ANY (p_marks);
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::uuid, NULL::uuid, NULL::bigint, 'over'::text, ''::text,
                ''::text, ''::text, NULL::bytea, 0::real, 0::real, false, false, NULL::bytea, true
            FROM doors_pastcall p WHERE p.mark = ANY (p_marks);
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.door_call TO upstander_public;
