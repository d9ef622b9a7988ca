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
from django.utils.translation import gettext

from upstander.mandated.actions.confirming import as_it_stands, digest_of_law
from upstander.people.models import Person
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.law import law_of
from upstander.places.models import District, School
from upstander.retention import models
from upstander.retention.models import Hold, Item
from upstander.retention.periods import Period
from upstander.states import laws
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
    """Return the same for some districts, as confirmed: a query for each State, and two."""
    places = list(districts)
    years: dict[tuple[int, str], int | None] = {}
    rows = models.Period.objects.filter(district_id__in=[d.pk for d in places]).order_by("pk")
    for row in rows:
        years[row.district_id, row.rule] = row.years
    shipped = {one.state: law_of(one).retention for one in places}
    kept = {key: as_it_stands(schedule.file, schedule) for key, schedule in shipped.items()}
    return [
        (district.pk, Period(kept[district.state], rule, ZoneInfo(district.time_zone), number))
        for district in places
        for rule in kept[district.state].rules
        for number in [years.get((district.pk, rule.key))]
    ]


def rules_for_the_database() -> str:
    """Return each State's rules as the database asks for them: what each is about, what an
    administrator must have confirmed of it, and whether a number of years must be set too."""
    return json.dumps(
        {
            one.key: {
                rule.key: {
                    "about": rule.about,
                    "file": one.retention.file,
                    "digest": digest_of_law(rule),
                    "schedule": rule.schedule,
                }
                for rule in one.retention.rules
            }
            for one in laws()
        }
    )


def districts_of(viewer: Viewer) -> list[District]:
    """Return the districts whose records the viewer keeps; call inside ``viewing``."""
    if viewer.kind is TeamKind.ADMINISTRATION:
        found = District.objects.all()
    elif viewer.kind is TeamKind.CENTER:
        found = District.objects.filter(
            center_id__in=[membership.center_id for membership in viewer.memberships]
        )
    else:
        found = District.objects.filter(
            pk__in=[membership.district_id for membership in viewer.memberships]
        )
    return list(found.order_by("name"))


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One item as the page lists it."""

    item: Item
    #: The tip's reference where the viewer sees the tip, else the beginning of a random id.
    name: str
    #: What its rule is about, in words; the rule's key where the State's schedule has it no more.
    rule: str
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
    lines: dict[str, list[ItemShown]]
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

    words = {rule.key: rule.words for rule in law_of(district).retention.rules}

    def line(item: Item) -> ItemShown:
        return ItemShown(
            item,
            references.get(item.subject, str(item.subject)[:8]),
            words.get(item.rule, item.rule),
            names.get(item.school_id or 0, gettext("no school")),
            who.get(item.proposed_by or 0, "somebody"),
            who.get(item.agreed_by or 0, "somebody"),
        )

    def of(hold: Hold) -> str:
        if hold.matter_id:
            return gettext("everything about %(reference)s") % {"reference": hold.reference}
        return gettext("everything at %(get)s") % {
            "get": names.get(hold.school_id or 0, district.name)
        }

    return Kept(
        periods=[(district, period) for _, period in periods_of([district])],
        holds=[HoldLine(hold, of(hold), who.get(hold.placed_by, "somebody")) for hold in holds],
        lines={state.value: [line(item) for item in some] for state, some in items.items()},
        counts={str(state): count for state, count in counts.items()},
        schools=schools,
        now=now,
    )
