"""A mobile-crisis center for tests: two sites that are each other's neighbors, and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from conftest import Cast
from upstander.callouts.actions import callouts as actions
from upstander.callouts.models import Callout, Event, Site
from upstander.callouts.sweeps import sweep_callouts
from upstander.escalations.models import Page
from upstander.escalations.tests.alerts import as_worker, work
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.statements import state
from upstander.places.models import Center, District
from upstander.tips import reporter

WHERE, CHILD, DOG = "12 Alder Lane, Maple", "Robin, 11", "A big dog behind the gate"
WORDS = {"where": WHERE, "child": CHILD, "story": "Locked in the bathroom.", "phone": "555-0142"}
WORDS |= {"town": "Alder"}
FACTS: dict[str, Any] = {"way": "call", "language": "en", "danger": False}
#: name → (site, role): Mia and Max go out from the north, Noor from the south.
_PEOPLE = {
    "mia": ("north", Role.COUNSELOR),
    "max": ("north", Role.COUNSELOR),
    "noor": ("south", Role.COUNSELOR),
    "lou": ("north", Role.CENTER_SUPERVISOR),
}


@dataclass(frozen=True, slots=True)
class Mobile:
    """The center that goes out, with its sites."""

    cast: Cast
    district: District
    north: Site
    south: Site

    def id_of(self, name: str) -> int:
        """Return a person's id."""
        return self.cast.people[name].pk


def mobile(cast: Cast) -> Mobile:
    """Let a center of its own go out, with Alder as its northern town."""
    center = Center.objects.create(name="River Crisis", slug="river", callback_phone="555-0177")
    district = District.objects.create(center=center, name="River", slug="river", state="us-ct")
    for name in ("north", "south"):
        cast.teams[name] = factories.make_team(
            TeamKind.CENTER, f"River {name}", cast.keys, center=center
        )
    state(district)
    for name, (team, role) in _PEOPLE.items():
        cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
        factories.join(cast.people[name], cast.teams[team], role, cast.keys)
    north, south = (
        Site.objects.create(
            team_id=cast.teams[one].pk,
            district_id=district.pk,
            name=cast.teams[one].name,
            towns=[town],
            neighbors=[cast.teams[other].pk],
        )
        for one, other, town in (("north", "south", "Alder"), ("south", "north", "Birch"))
    )
    return Mobile(cast, district, north, south)


def asked(here: Mobile, who: str = "mia", *, safety: str = DOG, **facts: Any) -> UUID:
    """Ask the northern site for somebody, upon a call."""
    team = here.cast.viewer(who).memberships[0].team_id
    return actions.ask(
        here.cast.viewer(who), here.north, team, {**FACTS, **facts}, WORDS, {"dog": safety}
    )


def going(here: Mobile, who: str = "mia") -> UUID:
    """Ask, decide to go, and let somebody accept."""
    one = asked(here)
    step(here, "lou", one, "go")
    actions.accept(here.cast.viewer(who), one)
    return one


def step(here: Mobile, who: str, one: UUID, kind: str, **facts: Any) -> None:
    """Let somebody take a step; to go, on a guardian's word."""
    if kind == "go":
        facts.setdefault("code", "guardian")
    actions.step(here.cast.viewer(who), one, Event.Kind(kind), **facts)


def sweep(times: int = 1) -> None:
    """Some seconds of the worker's life: callouts, and what comes of their alerts."""
    for _ in range(times):
        with as_worker():
            sweep_callouts()
        work()


def row(one: UUID) -> Callout:
    """Return a callout as the database's owner reads it."""
    return Callout.objects.get(pk=one)


def kinds(one: UUID) -> list[str]:
    """Return its steps."""
    return list(Event.objects.filter(callout_id=one).order_by("pk").values_list("kind", flat=True))


def paged(one: UUID) -> set[int]:
    """Return who was asked about it by any alert."""
    pages = Page.objects.filter(alert__subject_id=one)
    return set(pages.values_list("person_id", flat=True))


def tip(cast: Cast) -> UUID:
    """File a tip at Cedar."""
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="My friend wants to die.",
            language="en",
            tile="self_harm",
            school_id=cast.cedar.pk,
        )
    ).tip_id


def set_clock(at: datetime) -> None:
    """Let it be this moment for the database; sessions go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT timestamptz '{at.isoformat()}' $$"
        )
        cursor.execute(
            "UPDATE people_staffsession SET used_at = api.clock_now(), started_at = api.clock_now()"
        )
