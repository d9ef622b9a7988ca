"""Made-up agencies in the demo: advocates with a client who goes to court, and legal aid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from upstander.base.moment import database_now
from upstander.helplines.actions import accompaniments, clients, deadlines
from upstander.people.models import Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import Center, District

#: As in demo_data: name, email, team, role, what the printed list says.
PEOPLE = (
    (
        "Odette Farrow",
        "odette@willow.example",
        "willow",
        Role.CENTER_SUPERVISOR,
        "agency of advocates: leads it",
    ),
    (
        "Selma Ostrow",
        "selma@willow.example",
        "willow",
        Role.COUNSELOR,
        "agency of advocates: advocate",
    ),
    (
        "Ambrose Tully",
        "ambrose@aid.example",
        "aid",
        Role.COUNSELOR,
        "legal aid office: takes intakes",
    ),
)
_NAMES = {"willow": "Willow Advocates", "aid": "Maple Legal Aid"}


def teams() -> tuple[list[Center | District], dict[str, Team]]:
    """Make the agencies, each with a district of its own that has no schools."""
    places, made = list[Center | District](), dict[str, Team]()
    for slug, name in _NAMES.items():
        center = Center.objects.create(
            name=name, slug=slug, callback_phone="(555) 010-0188", advocates=True
        )
        district = District.objects.create(center=center, name=name, slug=slug, state="us-ct")
        places += [center, district]
        made[slug] = Team.objects.create(kind=TeamKind.CENTER, name=name, center=center)
    return places, made


def tell(signed_in: Callable[[str], Viewer]) -> None:
    """Take somebody on, plan with them, and let a day at court be asked about and told of."""
    selma = signed_in("selma@willow.example")
    words = {"name": "Heron", "whose": "self", "language": "es"}
    words |= {"channel": "text", "hours": "(555) 010-0166, weekdays 9 to 2", "words": "Book is in"}
    opened = clients.open_client(selma, clients.take_on(selma, words))
    clients.write_note(opened, "Asks what a court’s order would change, and how long.")
    parts = {"home": "Cocina: tiene puerta al patio.", "phone": "La tableta de mi hermana"}
    clients.keep_plan(opened, {**parts, "language": "es"})
    accompaniments.ask(
        opened,
        database_now() + timedelta(days=3),
        {
            "place": "court",
            "where": "Maple Valley courthouse, side entrance, room 4",
            "language": "es",
            "knows": "Only the clerk at the side entrance",
            "joint": "court",
        },
    )
    court = (database_now() + timedelta(days=3)).date().isoformat()
    asked = {"court": court, "problem": "order", "county": "Hartford"}
    clients.keep_legal(opened, {**asked, "people": "3", "income": "28000"})
    due = database_now() + timedelta(days=2)
    deadlines.note_deadline(opened, due, "Papers for the judge to the clerk")
