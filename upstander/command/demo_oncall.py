"""Who is on call in the demo: a school's team by weeks, the center by day and night, one gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from upstander.base.moment import database_second
from upstander.oncall.models import (
    Calendar,
    DayOff,
    Layer,
    LayerMember,
    Override,
    Schedule,
    Swap,
)
from upstander.oncall.wall_time import instant
from upstander.people.models import Person, Team
from upstander.places.models import District

_MORNING, _EVENING = time(8), time(20)


#: Turns that were before today's: a year and a little, whole rounds of one, two or three people.
_BEFORE = timedelta(weeks=60)


def plan(
    teams: Mapping[str, Team],
    people: Mapping[str, Person],
    maple: District,
    others: Mapping[str, Sequence[str]],
) -> None:
    """Make the demo's plans, so that Tomás and a counselor are on call now.

    ``others``: more teams, and who takes turns in them; then all plans began a year ago.
    """
    cedar, center = teams["cedar"], teams["center"]
    now = database_second()
    zone = ZoneInfo(maple.time_zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    if now < instant(monday, _MORNING, zone):
        monday -= timedelta(weeks=1)
    first = monday - _BEFORE if others else monday
    tomas, grace, miriam = people["tomas"], people["grace"], people["miriam"]

    school = Schedule.objects.create(team=cedar, time_zone=zone.key, check_at=now)
    _layer(school, "Weekly turns", "primary", (tomas, grace, miriam), first)
    _layer(school, "Who follows", "backup", (grace, miriam, tomas), first)
    # Grace, whose week it is then, is away for a night that nobody has taken yet.
    away = monday + timedelta(days=7 + 4)
    _off(school, grace, instant(away, time(16), zone), instant(away + _DAY, _MORNING, zone), now)
    _ask(school, miriam, tomas, monday + timedelta(weeks=2, days=5), zone, now)
    _school_year(maple, today)

    desk = Schedule.objects.create(team=center, time_zone=zone.key, check_at=now)
    nadia, ben, ruth = people["nadia"], people["ben"], people["ruth"]
    day = (_MORNING, _EVENING)
    night = (_EVENING, _MORNING)
    _layer(desk, "Days", "primary", (ben, nadia), first, hours=day)
    _layer(desk, "Nights", "primary", (nadia, ben), first, hours=night)
    _layer(desk, "Supervisor", "backup", (ruth,), first)
    for name, turns in others.items():
        of_team = [people[one] for one in turns]
        own = Schedule.objects.create(team=teams[name], time_zone=zone.key, check_at=now)
        _layer(own, "Weekly turns", "primary", of_team, first)
        if len(of_team) > 1:
            _layer(own, "Who follows", "backup", [*of_team[1:], of_team[0]], first)


_DAY = timedelta(days=1)


def _layer(
    schedule: Schedule,
    name: str,
    duty: str,
    people: Sequence[Person],
    starts_on: date,
    hours: tuple[time, time] | None = None,
) -> None:
    layer = Layer.objects.create(
        schedule=schedule,
        name=name,
        duty=duty,
        rank=schedule.layers.count() + 1,
        hand_over=_MORNING,
        starts_on=starts_on,
        from_time=hours and hours[0],
        to_time=hours and hours[1],
    )
    LayerMember.objects.bulk_create(
        LayerMember(layer=layer, person=person, place=place) for place, person in enumerate(people)
    )


def _off(schedule: Schedule, who: Person, start: datetime, end: datetime, now: datetime) -> None:
    Override.objects.create(
        schedule=schedule,
        off_person=who,
        starts_at=start,
        ends_at=end,
        made_by=who.pk,
        made_at=now,
    )


def _ask(
    schedule: Schedule, asker: Person, taker: Person, day: date, zone: ZoneInfo, now: datetime
) -> None:
    Swap.objects.create(
        schedule=schedule,
        asker=asker,
        taker=taker,
        gives_from=instant(day, _MORNING, zone),
        gives_to=instant(day + 2 * _DAY, _MORNING, zone),
        asked_at=now,
    )


def _school_year(district: District, today: date) -> None:
    """Write down the breaks of the school year in which ``today`` lies."""
    year = today.year if today.month >= 7 else today.year - 1
    calendar = Calendar.objects.create(district=district, region="US-CT")
    for first, last, label in (
        (date(year, 11, 25), date(year, 11, 27), "Thanksgiving break"),
        (date(year, 12, 23), date(year + 1, 1, 1), "Winter break"),
        (date(year + 1, 4, 12), date(year + 1, 4, 16), "Spring break"),
        (date(year + 1, 6, 19), date(year + 1, 8, 28), "Summer break"),
    ):
        DayOff.objects.create(calendar=calendar, first=first, last=last, label=label)
