-- Opens one student; who, for which tip and (sealed) why stand in the record before it is given.
CREATE OR REPLACE FUNCTION api.roster_open(p_tip uuid, p_opening uuid, p_audience text,
    p_handoff_id uuid,
                                p_sealed bytea, p_entry uuid)
    RETURNS TABLE (roster uuid, label bytea, sealed bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT 1 FROM emergency_rosterentry e WHERE e.id = p_entry
                   AND e.roster_id IN (SELECT emergency_rosters_for(p_tip))) THEN
        RETURN;
    END IF;
    PERFORM emergency_write_opening(p_tip => p_tip, p_opening => p_opening, p_entry => p_entry,
        p_audience => p_audience, p_handoff_id => p_handoff_id, p_sealed => p_sealed);
    RETURN QUERY SELECT e.roster_id, e.label, e.sealed FROM emergency_rosterentry e
        WHERE e.id = p_entry;
END $$;

GRANT EXECUTE ON FUNCTION api.roster_open TO upstander_center, upstander_district, upstander_school;
