"""Whose phone is left alone for a moment: they are at the desk, or have just said that they heard.

Whoever works on tips in these very seconds has the queue before them, which shows and sounds what
comes. A phone that rings again and again beside it takes the hand that would take the next tip. So
what stands in the center's queue rings once in ``MOST`` while they act: what comes after a quiet
while rings at once, at the desk too. What is theirs already, what a colleague asks of them by name,
and what is with a school rings as ever.

A call names how many nobody has. Whoever presses a key in it has heard of all of them: they get
``TO_GET_THERE`` to be at the desk, and ``HEARD`` once they are, or have said that they can't. What
has come since rings. Who presses and does nothing is rung again.

A text says how many more wait, so it stands for all of them. Whose phone is called as well gets the
next text, or notification, once they have answered any alert or done something at the desk, or
after ``REPEAT``. A life in danger of which that text could not tell yet goes as ever; so does
one of which nothing went out for five minutes, what is theirs already, and what a colleague asks.

Nobody counts as told by any of this: pages stay due, the others' phones ring, and each alert's
steps come on their second. A working hand is known by the record of what it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import connection

from upstander.base.moment import database_now
from upstander.carriers.models import Channel

#: All in seconds. So long after an act somebody is taken to be at the desk still.
AT_DESK = 90
#: Who is there is told of what waits once in this time.
MOST = 180
#: After a key: to reach the desk, as the call says; and to read what it told of.
TO_GET_THERE, HEARD = 60, 180
#: An unanswered text stands for what waits so long. Of which lives it told, and that something of
#: each went out lately, says ``api.page_counted``.
REPEAT = 900

#: Of pages ``p`` of lines ``l``: those that may be said now.
LEFT_ALONE = """
AND NOT (p.cause IN ('policy', 'task', 'unanswered', 'unread') AND p.turn <> 3 AND (
    l.id = ANY (%(at_desk)s)
    AND EXISTS (SELECT FROM escalations_alert a WHERE a.id = p.alert_id AND a.stage = 'center'
                AND a.acknowledged_by IS DISTINCT FROM p.person_id)
    OR l.id = ANY (%(heard)s)
    AND EXISTS (SELECT FROM escalations_page s WHERE s.alert_id = p.alert_id
                AND s.person_id = p.person_id AND s.state <> 'cancelled'
                AND s.due_at <= l.told_at)
    OR l.id = ANY (%(told)s)
    AND EXISTS (SELECT FROM escalations_alert a WHERE a.id = p.alert_id AND a.page = 'tips'
                AND a.acknowledged_by IS DISTINCT FROM p.person_id)
    AND (p.turn = 2 OR api.page_counted(p_page => p, p_told_at => l.told_at))))
"""
# Which lines' last text arrived and is unanswered by phone, where a call was made or will be.
_TOLD = """
SELECT l.id FROM escalations_line l JOIN escalations_page s ON s.id = l.page_id
WHERE l.id = ANY (%(lines)s) AND s.state = 'sent'
  AND NOT EXISTS (SELECT FROM escalations_acknowledgement k WHERE k.person_id = l.person_id
                  AND k.at >= date_trunc('second', l.told_at))
  AND (EXISTS (SELECT FROM escalations_page v WHERE v.state = 'due' AND v.channel = 'voice'
               AND v.person_id = l.person_id AND v.reason = '')
    OR EXISTS (SELECT FROM escalations_line c JOIN escalations_page v ON v.id = c.page_id
               WHERE c.person_id = l.person_id AND c.channel = 'voice'
                 AND c.told_at > api.clock_now() - make_interval(secs => %(repeat)s)
                 AND v.delivery_id IS NOT NULL))
"""


class OfLine(Protocol):
    """What of a line tells whether its phone is left alone (``line.Free``)."""

    @property
    def pk(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def told_at(self) -> datetime | None: ...
    @property
    def heard_at(self) -> datetime | None: ...
    @property
    def cannot(self) -> bool | None: ...


class Held(NamedTuple):
    """The values of ``LEFT_ALONE``, and until when (UTC) each line is held: it is not late."""

    where: dict[str, list[int]]
    until: dict[int, datetime]


def left_alone(lines: Iterable[OfLine]) -> Held:
    """Return on which lines, by id, somebody is at the desk or has heard what waits."""
    now, loud = database_now(), [line for line in lines if line.channel != Channel.EMAIL]
    acted = acted_at_desk({line.person_id for line in loud}, now - timedelta(seconds=REPEAT))
    told = _told(loud, acted, now)
    found = Held({"at_desk": [], "heard": [], "told": list(told)}, {})
    for line in loud:
        at = acted.get(line.person_id)
        there = now
        if at is not None and line.told_at is not None:
            there = min(at + timedelta(seconds=AT_DESK), line.told_at + timedelta(seconds=MOST))
        heard = _heard_until(line, at) or now
        if there > now:
            found.where["at_desk"].append(line.pk)
        if heard > now:
            found.where["heard"].append(line.pk)
        if (until := max(there, heard, told.get(line.pk, now))) > now:
            found.until[line.pk] = until
    return found


def _told(
    lines: Iterable[OfLine], acted: Mapping[int, datetime], now: datetime
) -> dict[int, datetime]:
    """Return until when the last text of a line stands for all that waits: it is unanswered."""
    until = {
        line.pk: line.told_at + timedelta(seconds=REPEAT)
        for line in lines
        if line.channel in (Channel.SMS, Channel.PUSH)
        and line.told_at is not None
        and line.told_at + timedelta(seconds=REPEAT) > now
        and not (
            line.person_id in acted and acted[line.person_id] >= line.told_at.replace(microsecond=0)
        )
    }
    if not until:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"lines": list(until), "repeat": REPEAT})
        return {pk: until[pk] for (pk,) in cursor.fetchall()}


def _heard_until(line: OfLine, acted: datetime | None) -> datetime | None:
    if line.heard_at is None:
        return None
    there = line.cannot or (acted is not None and acted >= line.heard_at)
    return line.heard_at + timedelta(seconds=HEARD if there else TO_GET_THERE)


def acted_at_desk(person_ids: Iterable[int], since: datetime) -> dict[int, datetime]:
    """Return when (UTC, whole seconds) people last did something with a tip at the desk.

    Since a time (UTC), by the record; who did nothing since is left out. The worker alone may ask.
    """
    if not (people := list(person_ids)):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, acted_at FROM api.acted_at_desk(p_people => %s, p_since => %s)",
            [people, since],
        )
        return dict(cursor.fetchall())


def pages_held(alert_id: UUID) -> dict[UUID, datetime]:
    """Return which due pages of an alert are held back by this, and until when (UTC).

    Call inside ``viewing``: of an alert that the viewer may not see there are none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.pages_held(p_alert => %s)", [alert_id])
        return dict(cursor.fetchall())
