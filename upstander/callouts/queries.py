"""Who can be asked, in the stated order; and the board. Call inside ``viewing`` or as the worker.

The order: who is on call at the callout's own site, then its backup, then who is on call at the
neighboring sites, as the site names them. Who has a callout is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from upstander.callouts.clocks import Clock, clock, late_at
from upstander.callouts.models import Callout, Event, Site
from upstander.escalations.actions.offers import asked_of
from upstander.oncall.queries import on_call
from upstander.people.models import Membership, Person

#: So many are asked one after the other before the desk phones.
MOST: Final = 6
OUT: Final = (Callout.State.ACCEPTED, Callout.State.WAY, Callout.State.ARRIVED)


def busy() -> dict[int, Callout]:
    """Return who is out with a callout, by person."""
    out = Callout.objects.filter(state__in=OUT).only("id", "held_by", "state")
    return {one.held_by: one for one in out if one.held_by is not None}


def order_of(row: Callout, now: datetime) -> list[int]:
    """Return who is asked about a callout, the first before the next; nobody who is out."""
    out, found = busy(), list[int]()
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


def board(now: datetime, *, own: Iterable[int]) -> tuple[list[Row], list[Row]]:
    """Return the open callouts of one's own districts, what will be late first; and others'.

    Others': those that one's own team asked another center for.
    """
    rows = list(Callout.objects.exclude(state="ended").defer("sealed", "safety"))
    rows.sort(key=lambda one: (late_at(one.begun_at, one.eta_at), one.asked_at))
    # Who is with the child, and what waits for a day of the family's choice, is late for nobody.
    rows.sort(key=lambda one: one.state in ("arrived", "planned", "phone"))
    shown = rows_of(rows, now)
    # Above all, what somebody must see to now.
    shown.sort(key=lambda row: not (row.worse or row.missed))
    mine = set(own)
    return (
        [row for row in shown if row.one.district_id in mine],
        [row for row in shown if row.one.district_id not in mine],
    )


def rows_of(rows: Iterable[Callout], now: datetime) -> list[Row]:
    """Return callouts as the board shows them, in a fixed number of queries."""
    every = list(rows)
    sites = dict(Site.objects.values_list("team_id", "name"))
    said = defaultdict[object, list[str]](list)
    steps = Event.objects.filter(callout__in=every, kind__in=("worse", "missed", "seen_to", "safe"))
    for step in steps.order_by("pk"):
        said[step.callout_id].append(step.kind)
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
            clock(one.go_at, now, eta=one.eta_at, arrived=one.arrived_at),
            tuple(names.get(who, "") for who in asked[one.pk]),
            worse=_last(said[one.pk], "worse", "seen_to"),
            missed=_last(said[one.pk], "missed", "seen_to", "safe"),
        )
        for one in every
    ]


def _last(said: list[str], what: str, *over: str) -> bool:
    """Tell whether something was said, and nothing since that answers it."""
    if what not in said:
        return False
    after = said[len(said) - said[::-1].index(what) :]
    return not set(after) & set(over)


def names_of(people: Iterable[int]) -> dict[int, str]:
    """Return the names of those of these people whom the viewer may know."""
    return dict(Person.objects.filter(pk__in=list(people)).values_list("pk", "name"))


def teams(sites: Iterable[Site], now: datetime) -> list[tuple[Site, list[Free]]]:
    """Return who is in each site's team: on call and free first."""
    out, found = busy(), list[tuple[Site, list[Free]]]()
    every = list(sites)
    members = defaultdict[int, list[tuple[int, str]]](list)
    for one in Membership.objects.filter(
        team_id__in=[site.team_id for site in every], person__is_active=True
    ).select_related("person"):
        members[one.team_id].append((one.person_id, one.person.name))
    for site in every:
        primary = set(on_call(site.team_id, now).primary)
        some = [Free(who, name, who in primary, out.get(who)) for who, name in members[site.pk]]
        some.sort(key=lambda one: (not one.on_call, one.out is not None, one.name))
        found.append((site, some))
    return found
