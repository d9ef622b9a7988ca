-- What a report lacks to prove that child protection was told, as a constraint's name; NULL:
-- nothing.
CREATE OR REPLACE FUNCTION mandated_unproved(p_duty uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN d.first_at IS NULL OR NOT mandated_protects(d.id) THEN 'mandated_no_report'
        WHEN NOT d.says_whom THEN 'mandated_nobody_named'
        WHEN NOT d.has_paper THEN 'mandated_not_signed'
        WHEN NOT d.says_where THEN 'mandated_sent_nowhere' END
    FROM mandated_duty d WHERE d.id = p_duty
$$;
