"""The worker's sweep: a lead hears of a gap a week, a day and an hour ahead, and when it begins."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from upstander.base.moment import database_second
from upstander.carriers import notices
from upstander.oncall.models import GapNotice, Schedule
from upstander.oncall.queries import gaps, plans
from upstander.oncall.reach import ringable
from upstander.oncall.rota import Plan
from upstander.people.models import Membership
from upstander.people.roles import LEADING, TeamKind

#: How many hours ahead; 0: it has begun.
AHEAD = (0, 1, 24, 168)
#: Phones break and people leave without anybody changing a plan.
_LOOK_AGAIN = timedelta(minutes=10)
_HORIZON = timedelta(hours=AHEAD[-1]) + _LOOK_AGAIN
_BATCH = 20

_DUE = (
    "SELECT id FROM oncall_schedule WHERE check_at <= api.clock_now() ORDER BY check_at, id"
    " LIMIT %s FOR UPDATE SKIP LOCKED"
)


def sweep_gaps() -> int:
    """Tell leads of gaps in plans that are due to be looked at; returns how many were told of.

    A gap is told of once for each of AHEAD, and one that was found late at once, by the nearest.
    """
    told = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [_BATCH])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        now = database_second()
        due = {s.team_id: s for s in Schedule.objects.filter(pk__in=ids)}
        found = plans(due, now, now + _HORIZON)
        reached = ringable({person for plan in found for person in plan.members})
        for plan in found:
            holes = gaps(plan, now, now + _HORIZON, reached)
            schedule = due[plan.team_id]
            _forget_closed(schedule, holes, now)
            told += sum(_tell(plan, schedule, start, end, now) for start, end in holes)
            Schedule.objects.filter(pk=schedule.pk).update(check_at=_next_look(holes, now))
    return told


def _forget_closed(
    schedule: Schedule, holes: list[tuple[datetime, datetime]], now: datetime
) -> None:
    """Forget what was told of gaps that are none any more, so that a new one there is told of."""
    for notice in GapNotice.objects.filter(schedule=schedule, ends_at__gt=now):
        if not any(start < notice.ends_at and end > notice.starts_at for start, end in holes):
            notice.delete()


def _next_look(holes: list[tuple[datetime, datetime]], now: datetime) -> datetime:
    """Return when the next word about a gap falls due, or somebody should look again anyway."""
    due = [start - timedelta(hours=hours) for start, _end in holes for hours in AHEAD]
    return min([at for at in due if at > now] + [now + _LOOK_AGAIN])


def _tell(plan: Plan, schedule: Schedule, start: datetime, end: datetime, now: datetime) -> bool:
    """Tell a team's leads of a gap, unless they know from as near."""
    ahead = next((hours for hours in AHEAD if start <= now + timedelta(hours=hours)), None)
    if ahead is None:
        return False
    known = GapNotice.objects.filter(
        schedule=schedule, ahead_hours__lte=ahead, starts_at__lte=start, ends_at__gt=start
    )
    if known.exists():
        return False
    GapNotice.objects.create(
        schedule=schedule, ahead_hours=ahead, starts_at=start, ends_at=end, told_at=now
    )
    for person_id in _leads(plan):
        notices.tell(
            person_id,
            "gap",
            {
                "team": plan.team_id,
                "from": start.astimezone(plan.zone).isoformat(timespec="minutes"),
                "to": end.astimezone(plan.zone).isoformat(timespec="minutes"),
            },
        )
    return True


def _leads(plan: Plan) -> tuple[int, ...]:
    """Return who hears of a team's gaps: its leads; a school that has none, the district's."""
    if plan.leads:
        return plan.leads
    return tuple(
        Membership.objects.filter(
            team__kind=TeamKind.DISTRICT,
            team__district__team=plan.team_id,
            role__in=LEADING,
            person__is_active=True,
        ).values_list("person_id", flat=True)
    )
