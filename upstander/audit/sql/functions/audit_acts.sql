-- The names of the acts that count as something; none of what nothing counts as. Apps declare them
-- in their recorded.py, and a test compares. Here too, since no caller may say what counts.
CREATE OR REPLACE FUNCTION audit_acts(p_counts_as text) RETURNS text[]
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_counts_as
        WHEN 'opening' THEN ARRAY['case opened', 'duty opened', 'file opened',
            'home address opened', 'register opened', 'tip opened']
        WHEN 'at work' THEN ARRAY['case: reopened', 'task opened', 'tip reopened']
        WHEN 'note' THEN ARRAY['case note added', 'note written']
        WHEN 'at will' THEN ARRAY['callout opened', 'client opened', 'contact opened',
            'duty opened',
            'duty: note', 'duty: said']
        ELSE '{}' END
$$;
