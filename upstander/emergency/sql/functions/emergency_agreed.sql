-- Whether a request that police be sent for a tip was agreed to by another person, and still
-- stands: both are here yet, and it was not long ago.
CREATE OR REPLACE FUNCTION emergency_agreed(p_tip uuid, p_request uuid) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM approvals_approval r
                   WHERE r.id = p_request AND r.tip_id = p_tip AND r.kind = 'police'
                     AND r.outcome = 'approved'
                     AND r.decided_by IS NOT NULL AND r.decided_by <> r.asked_by
                     AND r.decided_at >= api.clock_now() - interval '2 hours'
                     AND api.approval_stands(r.id))
$$;
