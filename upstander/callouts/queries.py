"""Who can be asked, in the stated order; and the board. Call inside ``viewing`` or as the worker.

The order: who is on call at the callout's own site, then its backup, then who is on call at the
neighboring sites, as the site names them. Who has a callout is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from types import MappingProxyType
from typing import Final
from uuid import UUID

from upstander.callouts.clocks import WITHIN, Clock, clock, late_at
from upstander.callouts.models import Callout, Event, Site
from upstander.escalations.actions.offers import asked_of
from upstander.oncall.queries import on_call
from upstander.people.models import Membership, Person
from upstander.people.scope import Viewer
from upstander.places.models import District

#: So many are asked one after the other before the desk phones.
MOST: Final = 6
#: So many callouts stand on one page of the board.
PAGE: Final = 50
#: So many that nobody has triaged stand above what will be late, the newest first.
UNREAD: Final = 20
#: A visit's length where the center has had fewer than ``FEWEST``: the simulation's (ADR 200).
VISIT: Final = timedelta(minutes=80)
FEWEST: Final = 20
#: Whoever should be free by now may be, any moment.
SOON_FREE: Final = timedelta(minutes=5)
OUT: Final = (Callout.State.ACCEPTED, Callout.State.WAY, Callout.State.ARRIVED)


def busy(*more: str) -> dict[int, Callout]:
    """Return who is out with a callout, by person; with ``more`` of its columns."""
    out = Callout.objects.filter(state__in=OUT).only("id", "held_by", "state", *more)
    return {one.held_by: one for one in out if one.held_by is not None}


def own_districts(viewer: Viewer) -> list[int]:
    """Return the districts of the viewer's centers whose teams go out."""
    centers = {one.center_id for one in viewer.memberships if one.center_id is not None}
    own = District.objects.filter(center_id__in=centers).values_list("pk", flat=True)
    sites = Site.objects.filter(district_id__in=list(own))
    return list(sites.values_list("district_id", flat=True).distinct())


def has_site(viewer: Viewer) -> bool:
    """Tell whether a team of the viewer's center goes out."""
    return bool(own_districts(viewer))


def free_at(row: Callout, visit: timedelta, now: datetime) -> datetime:
    """Return when whoever has a callout may be free: an estimate, never what is over already."""
    begins = row.arrived_at or row.eta_at or now + WITHIN / 2
    return max(begins + visit, now + SOON_FREE)


def usual_visit(districts: Iterable[int]) -> timedelta:
    """Return how long a visit takes: the median of the center's last hundred, else ``VISIT``."""
    ended = Callout.objects.filter(
        state="ended", district_id__in=list(districts), arrived_at__isnull=False
    ).order_by("-ended_at")
    times = ended.values_list("arrived_at", "ended_at")[:100]
    took = [(end - there).total_seconds() for there, end in times if end and there]
    return timedelta(seconds=median(took)) if len(took) >= FEWEST else VISIT


def at_desk(now: datetime) -> set[int]:
    """Return who keeps a center's desk: they are offered nothing."""
    kept = Site.objects.filter(desk_until__gt=now).values_list("desk_by", flat=True)
    return {one for one in kept if one is not None}


def order_of(row: Callout, now: datetime) -> list[int]:
    """Return who is asked about a callout, the first before the next.

    Nobody who is out, or keeps the desk.
    """
    out, found = busy().keys() | at_desk(now), list[int]()
    site = Site.objects.filter(pk=row.site_id).first()
    if site is None:
        return []
    own = on_call(site.team_id, now)
    found += [*own.primary, *own.backup]
    for team in site.neighbors:
        found += on_call(team, now).primary
    return [one for one in dict.fromkeys(found) if one not in out][:MOST]


@dataclass(frozen=True, slots=True)
class Free:
    """Somebody of a site, and whether they are on call, and free."""

    person: int
    name: str
    on_call: bool
    out: Callout | None
    #: When they may be free (UTC), where they are out.
    free_at: datetime | None = None
    #: They keep the desk: nothing is offered to them.
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """Who should go, when they would be there (UTC), and why, in one line."""

    person: int
    name: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One callout of the board, with both clocks."""

    one: Callout
    site: str
    holder: str
    since_call: Clock | None
    since_go: Clock | None
    asked: tuple[str, ...]
    worse: bool
    missed: bool
    #: On the way still, past the time that they said.
    overdue: bool
    #: Who should go, as the planner says; None: nobody is suggested.
    plan: Suggested | None = None


#: Who is suggested, by callout.
type Plans = Mapping[UUID, Suggested]


def open_ones() -> list[Callout]:
    """Return every open callout that one may see, but for its words."""
    return list(Callout.objects.exclude(state="ended").defer("sealed", "safety"))


def by_time(rows: Iterable[Callout], plans: Plans = MappingProxyType({})) -> list[Callout]:
    """Sort callouts by which will be late first; of what waits, by when its suggested one is there.

    Pure.
    """
    every = sorted(rows, key=lambda one: (late_at(one.begun_at, _there(one, plans)), one.asked_at))
    # Who is with the child, and what waits for a day of the family's choice, is late for nobody.
    return sorted(every, key=lambda one: one.state in ("arrived", "planned", "phone"))


def ranked(rows: Iterable[Callout], plans: Plans = MappingProxyType({})) -> list[Callout]:
    """Sort callouts for the board: what must be seen to now, danger, the newest unread; by time.

    So what came last is on the first page, however many came before it; and of what came before no
    more than so many newer ones stand above what will be late.
    """
    every = by_time(rows, plans)
    said = _said(every)
    unread = [one for one in every if one.state == Callout.State.ASKED]
    unread.sort(key=lambda one: (not one.danger, -one.asked_at.timestamp()))
    place = {one.pk: number for number, one in enumerate(unread[:UNREAD])}
    return sorted(
        every,
        key=lambda one: (
            not (_worse(said[one.pk]) or _missed(said[one.pk])),
            not one.danger or one.arrived_at is not None,
            place.get(one.pk, UNREAD),
        ),
    )


def rows_of(
    rows: Iterable[Callout], now: datetime, plans: Plans = MappingProxyType({})
) -> list[Row]:
    """Return callouts as the board shows them, in a fixed number of queries."""
    every = list(rows)
    sites = dict(Site.objects.values_list("team_id", "name"))
    said = _said(every)
    by_alert = asked_of(one.alert_id for one in every if one.state == Callout.State.WAITING)
    asked = {one.pk: by_alert.get(one.alert_id or one.pk, []) for one in every}
    wanted = {one.held_by for one in every} | {who for some in asked.values() for who in some}
    names = names_of(one for one in wanted if one is not None)
    return [
        Row(
            one,
            sites.get(one.site_id, ""),
            names.get(one.held_by or 0, ""),
            clock(None if one.apart else one.asked_at, now, eta=one.eta_at, arrived=one.arrived_at),
            clock(one.go_at, now, eta=_there(one, plans), arrived=one.arrived_at),
            tuple(names.get(who, "") for who in asked[one.pk]),
            worse=_worse(said[one.pk]),
            missed=_last(said[one.pk], "missed", "seen_to", "safe"),
            overdue=one.state == Callout.State.WAY and (one.eta_at or now) < now,
            plan=plans.get(one.pk),
        )
        for one in every
    ]


def _there(one: Callout, plans: Plans) -> datetime | None:
    """Return when somebody will be there: as they say, else as it is planned."""
    plan = plans.get(one.pk)
    return one.eta_at or (plan.at if plan else None)


def _said(rows: Iterable[Callout]) -> defaultdict[object, list[str]]:
    said = defaultdict[object, list[str]](list)
    steps = Event.objects.filter(
        callout_id__in=[one.pk for one in rows],
        kind__in=("worse", "missed", "panic", "seen_to", "safe"),
    )
    for callout, kind in steps.order_by("pk").values_list("callout_id", "kind"):
        said[callout].append(kind)
    return said


def _worse(said: list[str]) -> bool:
    return _last(said, "worse", "seen_to")


def _missed(said: list[str]) -> bool:
    """Tell whether whoever is out is silent, or asked for help silently: that stands above all."""
    return _last(said, "missed", "seen_to", "safe") or _last(said, "panic", "seen_to")


def _last(said: list[str], what: str, *over: str) -> bool:
    """Tell whether something was said, and nothing since that answers it."""
    if what not in said:
        return False
    after = said[len(said) - said[::-1].index(what) :]
    return not set(after) & set(over)


def names_of(people: Iterable[int]) -> dict[int, str]:
    """Return the names of those of these people whom the viewer may know."""
    return dict(Person.objects.filter(pk__in=list(people)).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Desk:
    """Who keeps the desk, and until when (UTC)."""

    name: str
    until: datetime | None
    mine: bool


def desk_of(near: Iterable[tuple[Site, list[Free]]], me: int) -> Desk | None:
    """Return who of ``teams`` keeps the desk; None: nobody does."""
    return next(
        (
            Desk(one.name, site.desk_until, one.person == me)
            for site, some in near
            for one in some
            if one.desk
        ),
        None,
    )


def teams(sites: Iterable[Site], now: datetime) -> list[tuple[Site, list[Free]]]:
    """Return who is in each site's team: on call and free first."""
    out, found = busy("eta_at", "arrived_at"), list[tuple[Site, list[Free]]]()
    every, desk = list(sites), at_desk(now)
    visit = usual_visit({site.district_id for site in every})
    members = defaultdict[int, list[tuple[int, str]]](list)
    for one in Membership.objects.filter(
        team_id__in=[site.team_id for site in every], person__is_active=True
    ).select_related("person"):
        members[one.team_id].append((one.person_id, one.person.name))
    for site in every:
        primary = set(on_call(site.team_id, now).primary)
        some = [
            Free(
                who,
                name,
                who in primary,
                out.get(who),
                free_at(out[who], visit, now) if who in out else None,
                who in desk,
            )
            for who, name in members[site.pk]
        ]
        some.sort(key=lambda one: (not one.on_call, one.out is not None, one.name))
        found.append((site, some))
    return found
