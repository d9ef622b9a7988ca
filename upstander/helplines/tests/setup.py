"""An agency of advocates for tests, as a center of its own, and a client of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations.models import Page
from upstander.escalations.tests.alerts import as_worker, work
from upstander.helplines.actions import accompaniments, clients
from upstander.helplines.actions.deadlines import note_deadline
from upstander.helplines.actions.partners import tell
from upstander.helplines.models import Accompaniment, Partner
from upstander.helplines.sweeps import sweep_accompaniments
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.statements import state
from upstander.places.models import Center, District

NAME, NOTE, PLAN = "Heron", "Sleeps at a sister’s on Tuesdays.", "Back door, through the garden"
COUNTY, DUE = "Litchfield", "Answer to the petition"
WHERE, KNOWS = "Harbor General, north entrance", "Only the charge nurse"
CONTACT = {"channel": "text", "hours": "555-0163, weekdays till 3", "words": "Your book is in"}
WORDS = {"name": NAME, "whose": "self", "language": "es", **CONTACT}
ALONG = {"place": "hospital", "where": WHERE, "language": "es", "knows": KNOWS, "joint": "hospital"}
#: Everybody who is of no agency; Lark leads the office of its very district, if it has one.
OTHERS = ("alice", "sam", "tara", "tom", "dee", "ada", "otto", "cora", "charlie", "lark")
_PEOPLE = {"ines": Role.CENTER_SUPERVISOR, "wren": Role.COUNSELOR, "joss": Role.COUNSELOR}


@dataclass(frozen=True, slots=True)
class Agency:
    """The agency: Inés leads it, Wren and Joss are its advocates."""

    cast: Cast
    district: District

    def id_of(self, name: str) -> int:
        """Return a person's id."""
        return self.cast.people[name].pk


def agency(cast: Cast) -> Agency:
    """Let there be an agency, with a district of its own that has no schools."""
    center = Center.objects.create(name="Lantern Advocates", slug="advocates", advocates=True)
    district = District.objects.create(
        center=center, name="Lantern Advocates", slug="advocates", state="us-ct"
    )
    cast.teams["advocates"] = factories.make_team(
        TeamKind.CENTER, "Advocates", cast.keys, center=center
    )
    state(district)
    for name, role in _PEOPLE.items():
        cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
        factories.join(cast.people[name], cast.teams["advocates"], role, cast.keys)
    cast.teams["its_district"] = factories.make_team(
        TeamKind.DISTRICT, "Its office", cast.keys, district=district
    )
    cast.people["lark"] = factories.make_person("Lark", cast.keys)
    factories.join(cast.people["lark"], cast.teams["its_district"], Role.DISTRICT_LEAD, cast.keys)
    return Agency(cast, district)


def legal_office(cast: Cast) -> District:
    """Let there be a legal aid office: an agency of its own, in which Nell works."""
    center = Center.objects.create(name="Harbor Legal Aid", slug="aid", advocates=True)
    district = District.objects.create(
        center=center, name="Harbor Legal Aid", slug="aid", state="us-ct"
    )
    cast.teams["aid"] = factories.make_team(TeamKind.CENTER, "Aid", cast.keys, center=center)
    state(district)
    cast.people["nell"] = factories.make_person("Nell", cast.keys)
    factories.join(cast.people["nell"], cast.teams["aid"], Role.COUNSELOR, cast.keys)
    return district


def client_of(here: Agency, who: str = "wren", **words: str) -> UUID:
    """Take somebody on."""
    return clients.take_on(here.cast.viewer(who), {**WORDS, **words})


def whole(here: Agency) -> tuple[UUID, UUID]:
    """Take somebody on, write of them, plan with them, and ask for somebody to go along now."""
    one = client_of(here)
    opened = clients.open_client(here.cast.viewer("wren"), one)
    clients.write_note(opened, NOTE)
    clients.keep_plan(opened, {"home": PLAN, "language": "es"})
    clients.keep_legal(opened, {"problem": "order", "court": "2026-12-09", "county": COUNTY})
    note_deadline(opened, database_now() + timedelta(days=2), DUE)
    return one, asked(here, one)


def asked(here: Agency, one: UUID, *, ahead: timedelta = timedelta()) -> UUID:
    """Ask for somebody who goes along with a client."""
    opened = clients.open_client(here.cast.viewer("wren"), one)
    return accompaniments.ask(opened, database_now() + ahead, ALONG)


def sweep(times: int = 1) -> None:
    """Some seconds of the worker's life: going along, and what comes of its alerts."""
    for _ in range(times):
        with as_worker():
            sweep_accompaniments()
        work()


def row(one: UUID) -> Accompaniment:
    """Return one as the database's owner reads it."""
    return Accompaniment.objects.get(pk=one)


def paged(one: UUID) -> set[int]:
    """Return who was asked about it by any alert."""
    pages = Page.objects.filter(alert__subject_id=one)
    return set(pages.values_list("person_id", flat=True))


def things(here: Agency) -> dict[str, object]:
    """One of each thing in an address of this app; a new kind of address needs its thing here."""
    client, along = whole(here)
    accompaniments.accept(here.cast.viewer("joss"), along)
    opened = accompaniments.open_accompaniment(here.cast.viewer("joss"), along)
    tell(opened, "hospital", WHERE, "nurse@example.org")
    folder = clients.open_client(here.cast.viewer("wren"), client)
    due = note_deadline(folder, database_now() + timedelta(days=2), NOTE)
    return {
        "client_id": client,
        "accompaniment_id": along,
        "partner_id": Partner.objects.get(accompaniment_id=along).pk,
        "deadline_id": due,
        "handed_id": client,
        "volunteer_id": here.id_of("wren"),
        "link": "gone",
    }
