"""The accused: every address of the desk, for whoever a matter accuses or who depends on them.

The same world is walked twice, without the matter and with it: every page, list, count, export and
mail must be the same to the letter. A second matter about somebody else shows that there is
something to see. Then each address is filled in with the matter's own rows: there is nothing there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import unified_diff
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from conftest import Cast
from tests.access.test_every_url import CLOSED, FILLED, OWN_ROW, allows, rights_of
from tests.addresses import Address
from tests.matters import Matter, Told, offices_and_staff, tell_matter
from upstander.accountability.sweeps import gather
from upstander.carriers.digests import sweep_notices
from upstander.carriers.models import Notice, OutboxMail
from upstander.cases.sweeps import sweep_case_actions
from upstander.cleaning.tests.streams import whole
from upstander.config.sweeps import lanes
from upstander.decisions.actions import propose
from upstander.decisions.models import SecondOpinion
from upstander.decisions.sweeps import sweep_second_opinions
from upstander.escalations.models import Page
from upstander.retention.sweeps import sweep_due
from upstander.tips.opening import open_tip

#: The first reports are due twelve hours after; by then whoever is to hear of it has heard.
LATER = timedelta(hours=14)
#: What belongs to a matter, by the names that addresses have for it.
OF_MATTER = {
    "tip_id",
    "file_id",
    "subject_id",
    "request_id",
    "alert_id",
    "ringing_id",
    "case_id",
    "item_id",
    "action_id",
    "version_id",
    "duty_id",
    "report_id",
    "evidence_id",
    "entry_id",
    "number",
    "brief_id",
    "call_id",
    "task_id",
    "opinion_id",
}
#: What no matter has, or (a tip's opinions and closings, calls) what only its own page leads to: an
#: address that names one of these and nothing of a matter is walked by ``test_every_url`` alone.
ELSEWHERE = {
    "leaver_id",
    "consult_id",
    "callout_id",
    "client_id",
    "deadline_id",
    "accompaniment_id",
    "partner_id",
    "handed_id",
    "volunteer_id",
    "contact_id",
    "referral_id",
    "service_id",
    "move_id",
    "shutting_id",
    "layer_id",
    "override_id",
    "swap_id",
    "method_id",
    "invitation_id",
    "adult_link_id",
    "drill_id",
    "hold_id",
    "disclosure_id",
    "division_id",
    "paper",
    "form_key",
    "subject",
    "record_id",
    "item_id",
    "pk",
}
#: What never is the same twice: what guards a form, how far the live stream is, how long ago it is.
_FRESH = re.compile(
    r'((?:csrfmiddleware)?token" value|nonce|data-since|data-printed)="[^"]*"'
    r"|(?<=>)[^<]*(?=</time>)"
)


@dataclass(frozen=True)
class World:
    """Whom a matter accuses; and who walks, with the page on which they see the other matter."""

    accused: tuple[str, ...]
    #: Walker → that page, and which of the other matter's rows stands there.
    walkers: dict[str, tuple[str, str]]
    told: dict[str, str]


LATE = ("mandated:ledger", "late_duty_id")
WORLDS = {
    "a member, a counselor, a teacher, the district's lead, a head and their designee": World(
        ("tom", "alice", "tess", "hana", "dee"),
        {
            "tom": ("team", "tip_id"),
            "alice": ("queue", "tip_id"),
            "tess": ("mandated:own", "late_duty_id"),
            "hana": LATE,
            "dino": LATE,
            "dee": ("district", "tip_id"),
        },
        {},
    ),
    "a team's lead, the center's supervisor, a superintendent and their compliance lead": World(
        ("tara", "sol", "sam"),
        {"tara": ("team", "tip_id"), "sol": LATE, "cleo": LATE, "sam": ("queue", "tip_id")},
        {"lead": "uma", "colleague": "tom"},
    ),
}


def set_clock(at: datetime) -> None:
    """Let the database's clock stand still, so that two walks see the same time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT timestamptz '{at.isoformat()}' $$"
        )
        cursor.execute("UPDATE people_staffsession SET used_at = %s, started_at = %s", [at, at])


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what is done inside."""
    point = connection.savepoint() or ""
    try:
        yield
    finally:
        connection.savepoint_rollback(point)


def the_worker_turns() -> None:
    """Let everything happen that is due: reminders, pages, mails, figures."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        # The times of tips without their sweep: that one looks every ten seconds.
        times = functools.partial(gather, 1000)
        sweeps: tuple[Callable[[], int], ...] = (
            *lanes()["alerts"],
            sweep_second_opinions,
            sweep_case_actions,
            times,
            sweep_due,
            sweep_notices,
        )
        for sweep in sweeps:
            while sweep():
                pass
        cursor.execute("RESET ROLE")


def body(answer: Any) -> str:
    return _FRESH.sub("", whole(answer).decode("utf-8", "replace"))


def pages(client: Client, cast: Cast, walker: str, values: dict[str, Any]) -> dict[str, str]:
    """Return every page that somebody may open and that asks for no row of a matter."""
    found = {}
    rights = rights_of(cast, walker)
    for address in CLOSED:
        if not allows(rights, address) or set(address.converters) & OF_MATTER:
            continue
        if not set(address.converters) <= values.keys():
            unknown = set(address.converters) - values.keys() - ELSEWHERE
            assert not unknown, f"{address.name}: say in ELSEWHERE or `around` what {unknown} is"
            continue
        with taken_back():
            answer = client.get(path_of(address, values))
            if answer.status_code != 405:
                told = answer.headers.get("Location", "")
                found[address.name] = f"{answer.status_code} {told}\n{body(answer)}"
    return found


def path_of(address: Address, values: dict[str, Any]) -> str:
    own = OWN_ROW.get(address.name)
    return address.path({**values, "pk": values[own]} if own else values)


def around(cast: Cast, walker: str) -> dict[str, Any]:
    """Return what addresses name beside matters: places, teams, people."""
    mine = cast.people[walker].memberships.get().team_id
    cedar = cast.teams["cedar"].pk
    return {
        "team_id": mine,
        "oncall:plan": {"team_id": cedar},
        "person_id": cast.people["uma"].pk,
        "school_id": cast.cedar.pk,
        "language": "en",
        "district_id": cast.maple.pk,
        "center_id": cast.center.pk,
        "stage": "school",
        "situation": "soon",
    }


def heard(cast: Cast, walker: str) -> list[object]:
    """Return everything that was sent to somebody, or waits to be."""
    who = cast.people[walker]
    return [
        sorted((one.kind, str(one.detail)) for one in Notice.objects.filter(person_id=who.pk)),
        sorted(OutboxMail.objects.filter(to=who.email).values_list("subject", "body")),
        sorted(Page.objects.filter(person_id=who.pk).values_list("channel", "step_number")),
    ]


@pytest.fixture
def moment(db: None) -> datetime:
    """A minute from now, at which the clock stands still."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('minute', now()) + interval '1 minute'")
        at: datetime = cursor.fetchone()[0]
    return at


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_whoever_is_accused_finds_the_desk_as_if_there_were_no_matter(
    cast: Cast, settings: Any, moment: datetime, world: World
) -> None:
    settings.DEMO = True  # the outbox is a page of the demo only
    offices_and_staff(cast)
    set_clock(moment)
    control = tell_matter(cast, Told(("bob",), late="tess"))
    clients = {walker: cast.client(walker) for walker in world.walkers}
    with taken_back():
        set_clock(moment + LATER)
        the_worker_turns()
        without = {walker: seen_by(cast, walker, clients[walker]) for walker in clients}
    for walker, (page, row) in world.walkers.items():
        assert str(control.values[row]) in without[walker][page], f"{walker} has much to see"
    for walker, kind in (("tess", "duty_late"), ("hana", "office_duty_late"), ("cleo", "office_d")):
        assert kind in without.get(walker, {}).get("what was sent", kind), f"{walker} is reminded"

    matter = tell_matter(cast, Told(world.accused, **world.told))
    set_clock(moment + LATER)
    the_worker_turns()
    ask_a_second(cast, matter)
    wrong = []
    for walker, client in clients.items():
        seen = seen_by(cast, walker, client)
        traces = {(name, trace) for name, text in seen.items() for trace in matter.found_in(text)}
        faults = [*traces, *changes(without[walker], seen), *reached(client, cast, walker, matter)]
        wrong += [f"{walker}: {fault}" for fault in faults]
    assert not wrong, "\n".join(wrong)


def ask_a_second(cast: Cast, matter: Matter) -> None:
    """Ask for a second opinion on the matter's tip: it is open for ten minutes only."""
    opened = open_tip(cast.viewer("bea"), matter.values["tip_id"])
    word = f"zimtstern{uuid4().hex}"
    row = propose(opened, SecondOpinion.Kind.LOWER, words=word, to_priority="routine")
    matter.values["opinion_id"] = row.pk
    matter.traces |= {word, str(row.pk)}
    asker = cast.client("bea")
    assert word in body(asker.get(f"/tips/{opened.tip.pk}"))
    assert str(matter.values["task_id"]) in body(asker.get("/queue"))


def seen_by(cast: Cast, walker: str, client: Client) -> dict[str, str]:
    """Return everything that somebody is shown, and everything that was sent to them."""
    seen = pages(client, cast, walker, around(cast, walker))
    return seen | {"what was sent": str(heard(cast, walker))}


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the lines that two walks do not share, with the page on which they stand."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        if old != new:
            found += [f"{name}: {line}" for line in unified_diff(old, new, n=0, lineterm="")]
    return found


def reached(client: Client, cast: Cast, walker: str, matter: Matter) -> list[tuple[str, str, int]]:
    """Return which of a matter's addresses say anything but that there is nothing."""
    wrong, values, rights = [], around(cast, walker), rights_of(cast, walker)
    for address in CLOSED:
        if not allows(rights, address) or not set(address.converters) & OF_MATTER:
            continue
        mine = {**uuids(address), **values, **matter.values}
        for method, data in (("get", {}), ("post", FILLED)):
            with taken_back():
                send: Callable[..., Any] = getattr(client, method)
                answer = send(path_of(address, mine), data)
                text = body(answer) + answer.headers.get("Location", "")
            if answer.status_code == 405:
                continue  # what only answers a press is pressed
            known = matter.found_in(text.replace(path_of(address, mine), ""))
            if answer.status_code in (302, 303):
                # What isn't whole is sent back to the page: which there is not for them either.
                leads_to = answer.headers["Location"].split("#")[0].split("?")[0]
                known -= matter.found_in(leads_to)
                fine = client.get(leads_to).status_code == 404
            else:
                fine = answer.status_code == 404
            if not fine or known:
                wrong.append((address.name, method, answer.status_code))
            break
    return wrong


def uuids(address: Address) -> dict[str, UUID]:
    """Return an id that nothing has for whatever a story does not make."""
    return {name: uuid4() for name in address.converters}
