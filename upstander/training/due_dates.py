"""What somebody owes of one rule, and until when: pure, in days of the district's time zone."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from upstander.states.training import Owed


@dataclass(frozen=True, slots=True)
class Employed:
    """Since when somebody is employed, until when, and on which days they are on leave."""

    job: str
    hired_on: date
    left_on: date | None = None
    away_from: date | None = None
    #: None with ``away_from``: nobody knows yet.
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A course that somebody completed, and on which day."""

    course: str
    on: date


@dataclass(frozen=True, slots=True)
class NextDue:
    """A course that is owed: what is completed since a day meets it."""

    course: str
    since: date
    #: None: on leave, and nobody knows until when.
    due_on: date | None


def next_due(rule: Owed, employed: Employed, dones: Iterable[Done], today: date) -> NextDue | None:
    """Return what is owed next by a rule; None: nothing, as they left, or it is not theirs.

    Nothing from before the day of hire counts: whoever is hired again owes it anew. Nor does what
    was completed before ``outdated_on``; it is owed again from that day, or when it would have been
    if that is earlier. A refresher alone never stands for the whole course. What falls into a leave
    is due as many days after the return as after a hire.
    """
    if rule.jobs and employed.job not in rule.jobs:
        return None
    if employed.left_on is not None and employed.left_on < today:
        return None
    full = [d.on for d in dones if d.course == rule.course and d.on >= employed.hired_on]
    short = [d.on for d in dones if d.course == rule.refresher and full and d.on >= min(full)]
    last = max([*full, *short], default=None)
    grace = timedelta(days=rule.days)
    if last is None:
        return _owed(rule.course, employed.hired_on, employed.hired_on + grace, employed, grace)
    again = _months_after(last, rule.months) if rule.months else None
    new = rule.outdated_on
    if new is not None and last < new <= today:
        # Its refresher builds on a course of which it is now an older one.
        due_on = min(new + grace, again) if again else new + grace
        return _owed(rule.course, new, due_on, employed, grace)
    if again is None:
        return None
    return _owed(rule.refresher or rule.course, last + timedelta(days=1), again, employed, grace)


def _owed(course: str, since: date, due_on: date, employed: Employed, grace: timedelta) -> NextDue:
    away, back = employed.away_from, employed.away_until
    if away is None or due_on < away or (back is not None and due_on > back):
        return NextDue(course, since, due_on)
    return NextDue(course, since, None if back is None else back + timedelta(days=1) + grace)


def _months_after(day: date, months: int) -> date:
    """Return the same day so many months on; a month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )
