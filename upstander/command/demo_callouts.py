"""A made-up mobile-crisis center in the demo: two sites, and two children whom it went to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from upstander.callouts.actions import callouts as actions
from upstander.callouts.actions.desk import keep_desk
from upstander.callouts.models import Event, Site
from upstander.people.models import Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import Center, District

#: As in demo_data: name, email, team, role, what the printed list says.
PEOPLE = (
    (
        "Vera Lindqvist",
        "vera@river.example",
        "river_north",
        Role.CENTER_SUPERVISOR,
        "mobile crisis: dispatcher and supervisor",
    ),
    (
        "Imani Cole",
        "imani@river.example",
        "river_north",
        Role.COUNSELOR,
        "mobile crisis: clinician who goes out",
    ),
    (
        "Leo Park",
        "leo@river.example",
        "river_south",
        Role.COUNSELOR,
        "mobile crisis: clinician of the neighboring site",
    ),
)
_TOWNS = {"river_north": "Maple Valley", "river_south": "Harbor Point"}


def teams() -> tuple[Center, District, dict[str, Team]]:
    """Make the center, with a district of its own that has no schools, and its two sites."""
    center = Center.objects.create(
        name="River Mobile Crisis", slug="river", callback_phone="(555) 010-0177"
    )
    district = District.objects.create(
        center=center, name="River Mobile Crisis", slug="river", state="us-ct"
    )
    made = {
        name: Team.objects.create(kind=TeamKind.CENTER, name=f"River, {town}", center=center)
        for name, town in _TOWNS.items()
    }
    ids = [team.pk for team in made.values()]
    for name, team in made.items():
        Site.objects.create(
            team_id=team.pk,
            district_id=district.pk,
            name=team.name,
            towns=[_TOWNS[name]],
            neighbors=[one for one in ids if one != team.pk],
        )
    return center, district, made


def tell(signed_in: Callable[[str], Viewer]) -> None:
    """Let one visit end with a follow-up agreed, and somebody be on the way to another child."""
    vera, imani = signed_in("vera@river.example"), signed_in("imani@river.example")
    leo = signed_in("leo@river.example")
    ended = _asked(
        vera,
        {"where": "4 Mill Road, Maple Valley", "child": "J., 12", "story": "Won’t leave the roof."},
    )
    with viewing(vera) as now:
        pass
    for who, kind, facts in (
        (imani, "way", {"until": now + timedelta(minutes=15)}),
        (imani, "arrived", {}),
        (imani, "ended", {"code": "stayed"}),
        (imani, "visit", {"until": now + timedelta(days=7)}),
    ):
        if kind == "way":
            actions.accept(who, ended)
        actions.step(who, ended, Event.Kind(kind), **facts)
    going = _asked(
        vera,
        {
            "where": "Birch High School, 300 Mill Road, Maple Valley",
            "entrance": "Door 2, ring for the nurse. Park in front.",
            "child": "A girl, 15",
            "story": "Has locked herself in and says that she can’t go on.",
            "who_with": "The school’s nurse, in the room next door",
            "consent": "Mother, by phone",
            "phone": "(555) 010-0122",
        },
        {"dog": "No signal in the basement."},
    )
    actions.accept(leo, going)
    actions.step(leo, going, Event.Kind.WAY, until=now + timedelta(minutes=25))
    keep_desk(vera, keeps=True)


def _asked(vera: Viewer, words: Mapping[str, str], safety: Mapping[str, str] | None = None) -> Any:
    membership = vera.memberships[0]
    with viewing(vera):
        site = Site.objects.get(team_id=membership.team_id)
    facts = {"way": "call", "language": "en", "danger": False}
    sealed = {**words, "town": site.towns[0]}
    made = actions.ask(vera, site, membership.team_id, facts, sealed, safety or {})
    actions.step(vera, made, Event.Kind.GO, code="guardian")
    return made
