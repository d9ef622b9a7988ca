"""What the retention page shows, and the rules as they hold in each district."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q

from upstander.mandated.confirming import as_it_stands, digest_of_law
from upstander.places.models import District, Person, School
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer
from upstander.retention import models
from upstander.retention.models import Hold, Item
from upstander.retention.periods import Period
from upstander.retention.schedules import file_key, schedule_of
from upstander.tips.models import Tip

#: Items of one state that a page lists; of more it says how many.
SHOWN = 100
OPEN = (Item.State.DUE, Item.State.PROPOSED, Item.State.AGREED)


def forgetting_holds() -> bool:
    """Whether what goes is gone from backups within 35 days; call inside ``viewing``.

    Not while the nightly key file lies in one place only: then it isn't renewed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.forgetting_holds()")
        [(holds,)] = cursor.fetchall()
    return bool(holds)


def all_periods() -> list[tuple[int, Period]]:
    """Return (district, how long it keeps) for every district and rule."""
    return periods_of(District.objects.order_by("pk"))


def periods_of(districts: Iterable[District]) -> list[tuple[int, Period]]:
    """Return the same for some districts, as confirmed: three queries."""
    places = list(districts)
    years: dict[tuple[int, str], int | None] = {}
    rows = models.Period.objects.filter(district_id__in=[d.pk for d in places]).order_by("pk")
    for row in rows:
        years[row.district_id, row.rule] = row.years
    shipped = schedule_of()
    schedule = as_it_stands(file_key(shipped), shipped)
    return [
        (
            district.pk,
            Period(
                schedule, rule, ZoneInfo(district.time_zone), years.get((district.pk, rule.key))
            ),
        )
        for district in places
        for rule in schedule.rules
    ]


def rules_for_the_database() -> str:
    """Return the shipped rules as the database asks for them: what each is about, and what an
    administrator must have confirmed of it (null: a number of years is set instead)."""
    schedule = schedule_of()
    return json.dumps(
        {
            rule.key: {
                "about": rule.about,
                "file": file_key(schedule),
                "digest": None if rule.schedule else digest_of_law(rule),
            }
            for rule in schedule.rules
        }
    )


def districts_of(viewer: Viewer) -> list[District]:
    """Return the districts whose records the viewer keeps; call inside ``viewing``."""
    if viewer.kind is TeamKind.ADMINISTRATION:
        found = District.objects.all()
    elif viewer.kind is TeamKind.CENTER:
        found = District.objects.filter(center_id__in=[post.center_id for post in viewer.posts])
    else:
        found = District.objects.filter(pk__in=[post.district_id for post in viewer.posts])
    return list(found.order_by("name"))


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the page lists it."""

    item: Item
    #: The tip's reference where the viewer sees the tip, else the beginning of a random id.
    name: str
    place: str
    proposed_by: str
    agreed_by: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One standing hold as the page lists it."""

    hold: Hold
    of: str
    placed_by: str


@dataclass(frozen=True, slots=True)
class Kept:
    """All that the page shows of what is kept and what goes."""

    periods: list[tuple[District, Period]]
    holds: list[HoldLine]
    lines: dict[str, list[Line]]
    #: State → how many there are in all.
    counts: dict[str, int]
    schools: list[School]
    now: datetime


def kept_for(viewer: Viewer, district: District, now: datetime) -> Kept:
    """Return what one district's keepers see: nine queries; call inside ``viewing``."""
    schools = list(School.objects.filter(district_id=district.pk).order_by("name"))
    names = {school.pk: school.name for school in schools}
    counts = dict(
        Item.objects.filter(district_id=district.pk, state__in=(*OPEN, Item.State.GONE))
        .values_list("state")
        .annotate(Count("pk"))
    )
    items = {
        state: list(
            Item.objects.filter(district_id=district.pk, state=state).order_by("rule", "ended_at")[
                :SHOWN
            ]
        )
        for state in OPEN
    }
    every = [item for some in items.values() for item in some]
    references: dict[Any, str] = {}
    if viewer.kind is not TeamKind.ADMINISTRATION:
        tips = [item.subject for item in every if item.kind == "tip"]
        references = dict(Tip.objects.filter(pk__in=tips).values_list("pk", "reference"))
    holds = list(
        Hold.objects.filter(
            Q(until=None) | Q(until__gt=now), district_id=district.pk, lifted_at=None
        ).order_by("placed_at")
    )
    people = {
        person
        for item in every
        for person in (item.proposed_by, item.agreed_by)
        if person is not None
    } | {hold.placed_by for hold in holds}
    who = {person.pk: person.name for person in Person.objects.filter(pk__in=people)}

    def line(item: Item) -> Line:
        return Line(
            item,
            references.get(item.subject, str(item.subject)[:8]),
            names.get(item.school_id or 0, "no school"),
            who.get(item.proposed_by or 0, "somebody"),
            who.get(item.agreed_by or 0, "somebody"),
        )

    def of(hold: Hold) -> str:
        if hold.matter_id:
            return f"the matter of {hold.reference}"
        return f"all of {names.get(hold.school_id or 0, district.name)}"

    return Kept(
        periods=[(district, period) for _, period in periods_of([district])],
        holds=[HoldLine(hold, of(hold), who.get(hold.placed_by, "somebody")) for hold in holds],
        lines={state.value: [line(item) for item in some] for state, some in items.items()},
        counts={str(state): count for state, count in counts.items()},
        schools=schools,
        now=now,
    )
