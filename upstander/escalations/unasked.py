"""The promise itself, as the watch looks at it: whoever nobody has is being asked about.

Steps, pages and lines are moved each second, so the record seals none of them: who writes the
database could silence an alert by any of these, and by much else that sending reads. So where a
life may be in danger the watch asks for the outcome alone (``UNTOLD``), whatever any other table
says. What is less urgent may wait for hours: of that it asks for open alerts of whose policy no
step falls due in time (``UNASKED``); one that fell due and is not worked off it finds as a queue.
"""

from __future__ import annotations

from typing import Final

from upstander.escalations.policy import BEGINS, GAP, LONGEST
from upstander.intake.priority import Priority
from upstander.oncall.hours import CLOSES, OPENS

#: A clock that is set right (``time_jumps.SMALL``) may let a step wait so much longer (s).
_SLACK = 10

#: Open, a life in danger, and in the last ``GAP`` seconds no page of it has gone out. A mail that
#: lists several is a page of each (``sending._said``). One that was opened again, or became
#: graver, is among them for a moment; so the watch counts what stays so (``watch.process``).
UNTOLD: Final = f"""
SELECT a.id FROM escalations_alert a
WHERE a.state = 'open' AND a.priority = '{Priority.LIFE_SAFETY.value}' AND NOT EXISTS (
    SELECT FROM escalations_page p WHERE p.alert_id = a.id AND p.state = 'sent'
      AND p.sent_at BETWEEN api.clock_now() - make_interval(secs => {GAP}) AND api.clock_now())
"""  # noqa: S608 - numbers and names of our own

# In time is within the round of the policy that the alert follows, and never later than any policy
# may wait (``policy.problems_with``); counted from the district's next opening where it may wait
# for that (``oncall.hours.not_before``). A call from the desk alone is not asking anybody.
UNASKED: Final = f"""
SELECT a.opened_at AS at FROM escalations_alert a
    JOIN places_district d ON d.id = a.district_id
    LEFT JOIN oncall_quiethours q ON q.district_id = a.district_id
    CROSS JOIN LATERAL (SELECT api.clock_now() AS now,
        api.clock_now() AT TIME ZONE d.time_zone AS local,
        coalesce(q.opens, '{OPENS}') AS opens, coalesce(q.closes, '{CLOSES}') AS closes) h
    CROSS JOIN LATERAL (SELECT CASE WHEN a.stage = 'center' OR a.mandated OR a.raised THEN h.now
        ELSE greatest(h.now, (h.local::date + (h.local::time >= h.closes)::int + h.opens)
            AT TIME ZONE d.time_zone) END AS from_then) f
WHERE a.state = 'open' AND a.priority <> '{Priority.LIFE_SAFETY.value}' AND NOT EXISTS (
    SELECT FROM escalations_step s
    WHERE s.alert_id = a.id AND s.state = 'due' AND s.cause = 'policy' AND s.target <> 'decide_911'
      AND s.due_at <= f.from_then + make_interval(secs => {_SLACK} + least({LONGEST},
        greatest(s.after_seconds, coalesce(s.repeat_seconds, {max(BEGINS.values())})))))
"""  # noqa: S608 - numbers and names of our own
