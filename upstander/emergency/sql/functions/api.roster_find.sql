-- Looks for a name by its blind indexes; writes down first who asked, for which tip. At most six,
-- of which the sixth says that the name is too common. Raises when somebody looks for too many.
CREATE OR REPLACE FUNCTION api.roster_find(p_tip uuid, p_opening uuid, p_audience text,
    p_handoff_id uuid,
                                p_sealed bytea, p_indexes bytea[])
    RETURNS TABLE (entry uuid, roster uuid, label bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM emergency_write_opening(p_tip => p_tip, p_opening => p_opening, p_entry => NULL,
        p_audience => p_audience, p_handoff_id => p_handoff_id, p_sealed => p_sealed);
    RETURN QUERY SELECT DISTINCT e.id, e.roster_id, e.label FROM emergency_rosterblindindex k
        JOIN emergency_rosterentry e ON e.id = k.entry_id
        WHERE k.roster_id IN (SELECT emergency_rosters_for(p_tip))
            AND k.blind_index = ANY (p_indexes)
        LIMIT 6;
END $$;

GRANT EXECUTE ON FUNCTION api.roster_find TO upstander_center, upstander_district, upstander_school;
