"""What falls due for a client: noted, told of in good time, done.

Nobody writes to the client: how they may be reached is sealed, and no worker opens it. Whoever
noted it is told, by a notice that names nobody, and reaches them in the way that they named.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import Http404

from upstander.audit.actions import record
from upstander.helplines.actions.clients import OpenClient, need_open, of_folder
from upstander.helplines.legal_models import Deadline
from upstander.people.scope import viewing
from upstander.places.models import District

#: So long before it falls due somebody is told, in the morning of that day.
AHEAD: Final = (timedelta(days=7), timedelta(days=1))
MORNING: Final = time(9)


def next_told(due: datetime, now: datetime, zone: str) -> datetime | None:
    """Return when somebody is told next (UTC): at 9, 7 days and 1 day ahead; None: not any more."""
    day, here = due.astimezone(ZoneInfo(zone)).date(), ZoneInfo(zone)
    told = (datetime.combine(day - ahead, MORNING, tzinfo=here) for ahead in AHEAD)
    return next((at for at in told if at > now), None)


def note_deadline(opened: OpenClient, due_at: datetime, what: str) -> UUID:
    """Note what falls due for a client at a time (UTC); returns its id. Raises Refused."""
    row = Deadline(id=uuid4(), client_id=opened.row.pk, due_at=due_at)
    row.district_id, row.person_id = opened.row.district_id, opened.viewer.person_id
    row.sealed = opened.folder.seal("deadline", row.pk, what)
    with viewing(opened.viewer) as now:
        need_open(opened)
        zone = District.objects.get(pk=row.district_id).time_zone
        row.remind_at = next_told(due_at, now, zone)
        row.save(force_insert=True)
        record("client deadline set", **of_folder(opened.folder))
    return row.pk


def deadlines_of(opened: OpenClient) -> list[tuple[Deadline, str]]:
    """Return what falls due for a client, the soonest first, with its words. Raises SealBroken."""
    with viewing(opened.viewer):
        rows = list(Deadline.objects.filter(client_id=opened.row.pk).order_by("due_at", "pk"))
    return [(one, opened.folder.read("deadline", one.pk, one.sealed)) for one in rows]


def end_deadline(opened: OpenClient, pk: UUID) -> None:
    """Say that it is done: nobody is told any more. Raises Http404; a second time does nothing."""
    with viewing(opened.viewer) as now:
        own = Deadline.objects.filter(pk=pk, client_id=opened.row.pk)
        if not own.exists():
            raise Http404
        if own.filter(done_at=None).update(done_at=now, remind_at=None):
            record("client deadline done", **of_folder(opened.folder))
