-- Until when a sign-in lasts: 15 minutes after it was last used, and never longer than 12 hours.
-- The one place that says so in the database; `sessions.py` says it in Python, and a test compares
-- them. Without settings of its own, so that the planner puts it in the place of each call.
CREATE OR REPLACE FUNCTION people_session_ends(p_started timestamptz, p_used timestamptz)
    RETURNS timestamptz
    LANGUAGE sql STABLE AS $$
    SELECT least(p_used + interval '15 minutes', p_started + interval '12 hours')
$$;
