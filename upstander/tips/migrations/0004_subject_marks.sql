-- Marks are seen by the center staff who see the tip (the subquery obeys the tip's policy), so a
-- barred matter is found by nobody from whom it is kept.
ALTER TABLE tips_subjectmark ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON tips_subjectmark TO upstander_center;
CREATE POLICY center ON tips_subjectmark TO upstander_center
    USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
    WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id));
-- Whoever was named by mistake is taken out again.
GRANT DELETE ON tips_subject TO upstander_center;
