-- Looks for a name by its marks; writes down first who asked, for which tip. At most six, of which
-- the sixth says that the name is too common. Raises when somebody looks for too many.
CREATE OR REPLACE FUNCTION api.roster_find(p_tip uuid, p_opening uuid, p_audience text,
    p_circle uuid,
                                p_sealed bytea, p_marks bytea[])
    RETURNS TABLE (entry uuid, roster uuid, label bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM dispatch_write_opening(p_tip => p_tip, p_opening => p_opening, p_entry => NULL,
        p_audience => p_audience, p_circle => p_circle, p_sealed => p_sealed);
    RETURN QUERY SELECT DISTINCT e.id, e.roster_id, e.label FROM dispatch_rostermark k
        JOIN dispatch_rosterentry e ON e.id = k.entry_id
        WHERE k.roster_id IN (SELECT dispatch_rosters_for(p_tip)) AND k.mark = ANY (p_marks)
        LIMIT 6;
END $$;

GRANT EXECUTE ON FUNCTION api.roster_find TO upstander_center, upstander_district, upstander_school;
