"""Whoever writes the database moves one column that sending reads: pages go out, or the watch says.

The tables are those that the worker's own statements name while it asks, and the functions that
these call; of each every column is moved, on all rows, with the guards off. None may be silent.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import ContactMethod, Delivery
from upstander.escalations.actions.alerts import progress, reopen, settle
from upstander.escalations.actions.judging import follow_priority
from upstander.escalations.line_models import Line
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.policy import GAP
from upstander.escalations.sending import claim_pages, send_page
from upstander.escalations.sweeps import sweep_news, sweep_next_steps, sweep_steps, sweep_tasks
from upstander.escalations.tests.alerts import (
    Clock,
    a_tip_s_alert,
    as_worker,
    clock,
    give,
    taken_back,
)
from upstander.escalations.tests.phone import listed_in
from upstander.escalations.time_jumps import sweep_clock
from upstander.intake.priority import Priority
from upstander.oncall.models import OwnRule
from upstander.people.models import Person
from upstander.schema.sealed_rows import sealed_tables
from upstander.watch import process
from upstander.watch.look import SILENT, is_grave, sentences

__all__ = ["clock"]

#: Seconds between two looks of these tests, and until the last of them: a page goes out before, and
#: no page for GAP, as seen for GAP.
TICK = 60
LAST = 2 * GAP + 2 * TICK
#: The same where column after column is moved: what was due before may still go out in the first.
STRIDE = 2 * TICK
STRIDES = 2 * GAP // STRIDE + 4
#: What the worker does in each second; what breaks is tried again in the next, as in its lanes.
SWEEPS = (sweep_clock, sweep_news, sweep_steps, sweep_next_steps, sweep_tasks)
CENTER = ("alice", "bea", "sam")


def apart[Done](work: Callable[[], Done]) -> Done | None:
    """Do a piece of the worker's work by itself; None: it broke, as the worker would log."""
    before = transaction.savepoint_create()
    try:
        done = work()
    except Exception:  # noqa: BLE001 - whatever somebody wrote into the database
        transaction.savepoint_rollback(before)
        return None
    transaction.savepoint_commit(before)
    return done


@dataclass
class World:
    """A center whose people have phones, its worker, and the watch beside it."""

    cast: Cast
    clock: Clock
    #: What a provider took: (when, alert).
    told: list[tuple[datetime, UUID]] = field(default_factory=list)

    name, reports = "north", False

    def __post_init__(self) -> None:
        self.watch = process.Watch(lambda: self.clock.ahead)
        vars(self.watch)["_start"] = Mock(return_value=True)
        self.own = set[str]()

    def send(self, to: str, outgoing: Outgoing, _delivery: UUID) -> str:
        """Take a message to one of the people's own phones or mailboxes, as a provider does."""
        if to in self.own and outgoing.for_id is not None:
            of = {outgoing.for_id, *(listed_in(outgoing) if "@" in to else ())}
            self.told += [(database_now(), alert) for alert in of]
        return "ref"

    def turn(self, seconds: float) -> None:
        """Let so much time pass; the worker works, and the watch looks."""
        self.clock.move(seconds)
        token = uuid4()
        # No phone rings for longer than a minute.
        Delivery.objects.filter(state="accepted", channel="voice", purpose="page").update(
            state="no_answer", told=True
        )
        with as_worker():
            for sweep in SWEEPS:
                apart(sweep)
            for page in apart(lambda: claim_pages(token)) or ():
                apart(partial(send_page, page, token))
            self.watch._look()

    def grave(self) -> set[tuple[str, str]]:
        """Return what makes the watch say that pages don't go out: not that no lane beats here."""
        found = self.watch.board.standing().troubles
        return {one for one in found if is_grave(one) and one[0] == SILENT[0]}

    def silent(self, alerts: list[Alert], moved: Callable[[], object]) -> list[Alert]:
        """Return of which nobody is told after this, though the watch says that all is well.

        Another tip comes after it. Who is told twice is told on and on.
        """
        since = database_now()
        moved()
        left = [*alerts, a_tip_s_alert(self.cast)]
        for seconds in (*[STRIDE] * STRIDES, process.LOOK_EVERY, process.LOOK_EVERY):
            self.turn(seconds)
            told = Counter(alert for alert, _ in {(a, at) for at, a in self.told if at > since})
            if not (left := [one for one in left if told[one.pk] < 2]) or self.grave():
                return []
        return left


@pytest.fixture
def world(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> World:
    """A life-safety tip that nobody takes, and everybody's phones."""
    made = World(cast, clock)
    monkeypatch.setattr("upstander.carriers.sending.carriers_for", lambda _kind: [made])
    for name in CENTER:
        give(cast.people[name], "sms", "voice")
    made.own = {method.address for method in ContactMethod.objects.all()}
    made.own |= set(Person.objects.values_list("email", flat=True))
    return made


def waits(world: World) -> Alert:
    """Let a tip come of which people have been told for some minutes, and nobody takes it."""
    alert = a_tip_s_alert(world.cast)
    for _ in range(4):
        world.turn(TICK)
    assert {one for _, one in world.told} == {alert.pk}
    return alert


def test_a_tip_is_told_of_for_ever_and_nothing_is_grave(world: World) -> None:
    alert = waits(world)
    for _ in range(20):
        assert world.silent([alert], lambda: None) == []
        assert world.grave() == set()
        Alert.objects.exclude(pk=alert.pk).update(state="ended")


def test_lines_moved_ten_years_ahead_are_grave(world: World) -> None:
    """One UPDATE of what nothing seals, and then a child writes."""
    ahead = database_now() + timedelta(days=3653)
    for person in Person.objects.all():
        for channel in ("email", "push", "sms", "voice"):
            Line.objects.create(person_id=person.pk, channel=channel, told_at=ahead, fold_at=ahead)
    world.turn(TICK)
    a_tip_s_alert(world.cast)
    world.turn(0)
    for _ in range(GAP // TICK - 1):
        world.turn(TICK)
        assert world.grave() == set()
    world.turn(TICK)
    world.turn(process.LOOK_EVERY)
    assert world.told == []
    assert world.grave() == {SILENT}
    assert any("no one is being asked" in one for one in sentences(world.grave()))


def test_one_opened_again_has_its_time_for_a_page(world: World) -> None:
    """Taken for hours and given back, or judged to be graver: its policy begins then."""
    alert = waits(world)
    with as_worker():
        settle(alert, 1, database_now())
        progress(alert.subject_id)
    for _ in range(LAST // TICK):
        world.turn(TICK)
    with as_worker():
        reopen(alert, database_now())
    world.turn(process.LOOK_EVERY)
    graver = a_tip_s_alert(world.cast, priority=Priority.ROUTINE)
    for _ in range(LAST // TICK):
        world.turn(TICK)
    with as_worker():
        follow_priority(graver.subject_id, Priority.LIFE_SAFETY, database_now())
    for _ in range(2 * GAP // 20):
        world.turn(20)
        assert world.grave() == set()
    assert {one for _, one in world.told} == {alert.pk, graver.pk}


def _rings_for_callers(_world: World, state: str = "joined", ahead: str = "9 years") -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE doors_leg ALTER call_id DROP NOT NULL")
        cursor.execute(
            "INSERT INTO doors_leg (id, kind, person_id, state, how, provider, todo, tries, at)"
            " SELECT gen_random_uuid(), 'ear', id, %s, '', '', '', 0, now() + %s::interval"
            " FROM people_person",
            [state, ahead],
        )


def _ringing(world: World) -> None:
    for person in Person.objects.all():
        for minute in range(LAST // 30):
            at = database_now() + timedelta(seconds=30 * minute)
            Delivery.objects.create(
                chain=(pk := uuid4()),
                pk=pk,
                purpose="drill",
                person_id=person.pk,
                channel="voice",
                provider="north",
                state="accepted",
                attempted_at=at,
                changed_at=at,
            )


def _cannot(world: World) -> None:
    for alert in Alert.objects.all():
        for number, person in enumerate(Person.objects.all(), start=50):
            Acknowledgement.objects.create(
                alert=alert,
                district_id=alert.district_id,
                person_id=person.pk,
                answer="cannot",
                at=database_now(),
                number=number,
            )


@pytest.mark.parametrize("planted", [_ringing, _cannot, _rings_for_callers])
def test_planted_rows_silence_nobody(world: World, planted: Callable[[World], object]) -> None:
    """People who are told by calls alone, and whose phones are said to be busy without end."""
    for name in CENTER:
        ContactMethod.objects.filter(person=world.cast.people[name], kind="sms").delete()
        OwnRule.objects.create(
            person=world.cast.people[name], priority="life_safety", channel="voice", after_seconds=0
        )
    alert = waits(world)
    assert world.silent([alert], lambda: planted(world)) == []


# --- every column of every table ------------------------------------------------------------------

_CALLED = re.compile(r"\b(\w+)\s*\(")
#: What sending is made of; all else that it reads says who there is and who is on call.
MACHINE = ("escalations_", "carriers_", "doors_")
#: What a column is moved to, by its type; each is tried.
MOVES: dict[str, tuple[str, ...]] = {
    "timestamp with time zone": (
        "coalesce({c}, now()) + interval '3653 days'",
        "coalesce({c}, now()) - interval '3653 days'",
    ),
    "date": ("{c} + 3653", "{c} - 3653"),
    "time without time zone": ("{c} + interval '11 hours'",),
    "boolean": ("NOT {c}",),
    "smallint": ("{c} + 100",),
    "integer": ("{c} + 100000",),
    "bigint": ("{c} + 100000",),
    "uuid": ("gen_random_uuid()",),
    "jsonb": ("'{{}}'", "'[]'"),
    "ARRAY": ("'{{}}'",),
    "bytea": ("'\\x00'",),
    "character varying": ("'x'",),
    "text": ("'x'",),
}


def _rows(statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _tables_read(statements: list[str]) -> set[str]:
    """Return which tables are named by statements, and by all functions that these call."""
    functions: dict[str, list[str]] = defaultdict(list)
    for name, body in _rows(
        "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname IN ('api', 'public')"
    ):
        functions[name].append(body)
    texts, seen = list(statements), set[str]()
    while texts:
        for name in set(_CALLED.findall(texts.pop())) & functions.keys() - seen:
            seen.add(name)
            texts += functions[name]
    words = set(
        re.findall(r"\w+", " ".join([*statements, *(b for n in seen for b in functions[n])]))
    )
    return words & {name for (name,) in _rows("SELECT relname FROM pg_class WHERE relkind = 'r'")}


def _moves(tables: set[str]) -> Iterator[tuple[str, str, str]]:
    """Give each table, column and what the column is moved to."""
    choices = {
        (model._meta.db_table, one.column): [repr(value) for value, _ in one.flatchoices]
        for model in apps.get_models()
        for one in model._meta.local_concrete_fields
        if one.choices
    }
    for table, column, kind in _rows(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = ANY (%s) ORDER BY 1, ordinal_position",
        [sorted(tables)],
    ):
        for to in choices.get((table, column), MOVES[kind]):
            yield table, column, to.format(c=column)


def _move(table: str, column: str, to: str) -> bool:
    """Move a column of all rows, with the guards off; False: it holds nothing else than it did."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                f"UPDATE {table} SET {column} = {to} WHERE {column} IS DISTINCT FROM {to}"
            )
            changed = bool(cursor.rowcount > 0)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    except Error:
        # A constraint holds it: a number that is nobody's, two rows that would be alike.
        return False
    return changed


def _none_is_silent(world: World, which: Callable[[str], bool]) -> None:
    """Move each column of these tables, of all that the machine reads."""
    with CaptureQueriesContext(connection) as asked:
        alert = waits(world)
    tables = _tables_read([one["sql"] for one in asked])
    assert tables >= {"escalations_line", "carriers_delivery", "doors_leg", "people_membership"}
    tables = {one for one in tables if which(one)}
    # Everybody was rung for a caller once, and is free.
    _rings_for_callers(world, "over", "0")
    sealed = {(one.name, column) for one in sealed_tables() for column in one.columns}
    began, told, tried, named = world.clock.ahead, list(world.told), 0, set[tuple[str, str]]()
    for table, column, to in sorted(_moves(tables)):
        with taken_back():
            if not _move(table, column, to):
                continue
            for one in world.silent([alert], lambda: None):
                one.refresh_from_db()
                if (one.state, one.priority) == ("open", "life_safety"):
                    pytest.fail(f"{table}.{column} = {to}: silent, and the watch says nothing")
                # It is no such alert any more: the check of the record names the row.
                named.add((table, column))
            tried += 1
        world.clock.move(began - world.clock.ahead)
        world.told = list(told)
        world.watch = World(world.cast, world.clock).watch
    assert named <= sealed
    assert tried > 20


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("app", MACHINE)
def test_no_column_of_the_machine_silences_an_alert(world: World, app: str) -> None:
    _none_is_silent(world, lambda table: table.startswith(app))


@pytest.mark.soak
def test_no_column_of_people_and_places_silences_one(world: World) -> None:
    _none_is_silent(world, lambda table: not table.startswith(MACHINE))
