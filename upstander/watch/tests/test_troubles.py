"""Troubles begin once, are told to the center's own contacts, again while they last, and end."""

from __future__ import annotations

import urllib.request
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import DatabaseError

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import ContactMethod
from upstander.watch import notices as telling
from upstander.watch import process, troubles
from upstander.watch.look import Seen
from upstander.watch.metrics import LastLook
from upstander.watch.models import Trouble
from upstander.watch.place import ensure_place

LANE, QUEUE = (Trouble.Kind.LANE, "alerts"), (Trouble.Kind.QUEUE, "pages")


def test_a_trouble_begins_once_and_ends(cast: Cast) -> None:
    now = database_second()
    for seconds in range(3):
        troubles.keep({LANE}, now + timedelta(seconds=seconds))
    [one] = Trouble.objects.all()
    assert (one.since, one.ended_at) == (now, None)
    troubles.keep({QUEUE}, now + timedelta(seconds=9))
    one.refresh_from_db()
    assert one.ended_at == now + timedelta(seconds=9)
    troubles.keep({LANE, QUEUE}, now + timedelta(seconds=20))
    assert Trouble.objects.filter(ended_at=None).count() == 2


def test_it_is_told_at_once_again_after_a_while_and_when_it_is_over(cast: Cast) -> None:
    now = database_second()
    troubles.keep({LANE}, now)
    begun, ended = troubles.to_tell(now)
    assert ([t.about for t in begun], ended) == (["alerts"], [])
    # Nobody could be reached: it is still to be told.
    assert troubles.to_tell(now)[0]
    troubles.told(begun, ended, now)
    assert troubles.to_tell(now + timedelta(minutes=14)) == ([], [])
    # Something new is told with what is known.
    troubles.keep({LANE, QUEUE}, now + timedelta(minutes=1))
    assert {t.about for t in troubles.to_tell(now + timedelta(minutes=1))[0]} == {"alerts", "pages"}
    troubles.keep(set(), now + timedelta(minutes=2))
    begun, ended = troubles.to_tell(now + timedelta(minutes=2))
    # What nobody was told of, nobody is told the end of.
    assert ([t.about for t in ended], begun) == (["alerts"], [])
    troubles.told(begun, ended, now)
    assert troubles.to_tell(now + timedelta(days=1)) == ([], [])


def test_what_lasts_is_told_again(cast: Cast) -> None:
    now = database_second()
    troubles.keep({LANE}, now)
    troubles.told(Trouble.objects.all(), [], now)
    assert troubles.to_tell(now + timedelta(minutes=15))[0]


def test_supervisors_and_administrators_are_told_and_nobody_else(cast: Cast) -> None:
    ensure_place("+18605550170")
    told = {method.person_id for method in telling.contacts()}
    assert told == {cast.people["sam"].pk, cast.people["ada"].pk}


def test_a_message_holds_what_is_wrong_and_where_to_look() -> None:
    said = telling.message(["This has stopped"], ["That was wrong"])
    assert said.urgent
    assert "This has stopped." in said.long
    assert "Resolved: That was wrong." in said.long
    assert "/status" in said.long
    assert not telling.message([], ["That was wrong"]).urgent


class Way:
    """A carrier that takes what it is given, or breaks."""

    def __init__(self, error: Exception | None = None) -> None:
        self.name, self.error = "way", error
        self.took: list[str] = []

    def send(self, to: str, said: object, delivery: object) -> str:
        if self.error:
            raise self.error
        self.took.append(to)
        return "ref"


def test_without_the_database_the_next_way_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Way()
    bad = [Way(CarrierError("no")), Way(RuntimeError("asked the database"))]
    monkeypatch.setattr(telling, "carriers_for", lambda kind: [*bad, good])
    methods = [ContactMethod(kind="email", address=name) for name in ("a@b.example", "c@d.example")]
    assert telling.tell_without_database(methods, telling.message(["x"], [])) == 2
    assert good.took == ["a@b.example", "c@d.example"]


class Clock:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> process.Watch:
    """A watch whose threads do their work at once, or not at all."""
    made = process.Watch(Clock())
    monkeypatch.setattr(made, "_start", Mock(return_value=True))
    return made


def started(watch: process.Watch) -> list[str]:
    return [call.args[0] for call in watch._start.call_args_list]  # type: ignore[attr-defined]


def test_while_all_comes_up_nothing_counts_and_a_moments_gap_never_does(
    watch: process.Watch,
) -> None:
    clock: Any = watch.clock
    assert watch._held({LANE}) == set()
    clock.now += process.GRACE
    assert watch._held({LANE}) == {LANE}
    assert watch._held({LANE, QUEUE}) == {LANE}
    assert watch._held({LANE}) == {LANE}
    clock.now += process.HOLD
    assert watch._held({LANE, QUEUE}) == {LANE}, "it begins anew"
    clock.now += process.HOLD
    assert watch._held({LANE, QUEUE}) == {LANE, QUEUE}


def test_a_database_that_stays_away_is_told_without_it_and_again(
    watch: process.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock: Any = watch.clock
    monkeypatch.setattr(watch, "_look", Mock(side_effect=DatabaseError("away")))
    monkeypatch.setattr(process, "connection", Mock())
    watch.turn()
    assert not watch.board.standing().well
    assert "tell" not in started(watch)
    clock.now += process.DATABASE_PATIENCE
    watch.turn()
    watch.turn()
    assert started(watch).count("tell") == 1
    clock.now += process.TELL_AGAIN
    watch.turn()
    assert started(watch).count("tell") == 2


def test_a_turn_writes_what_it_found_and_starts_what_is_due(
    cast: Cast, watch: process.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PING_URL", "https://switch.example/x")
    clock: Any = watch.clock
    clock.now += process.GRACE
    watch.turn()
    clock.now += process.HOLD
    watch.turn()
    # No worker has ever run in this database.
    [trouble] = Trouble.objects.all()
    assert (trouble.kind, trouble.about) == (Trouble.Kind.LANE, "worker")
    assert set(started(watch)) >= {"tell", "probe", "sites", "ping"}
    assert watch.board.standing().seen is not None
    seen: Seen | None = watch.board.standing().seen
    assert seen is not None
    assert "watch" in seen.lanes


@pytest.mark.parametrize(("well", "pinged"), [(True, 1), (False, 0)])
def test_the_dead_mans_switch_hears_only_while_pages_go_out(
    watch: process.Watch, monkeypatch: pytest.MonkeyPatch, well: bool, pinged: int
) -> None:
    asked = Mock()
    monkeypatch.setattr(urllib.request, "urlopen", asked)
    watch.board.show(LastLook(database=True, troubles=frozenset(() if well else {LANE})))
    watch._ping("https://switch.example/x")
    assert asked.call_count == 0, "not before all is up"
    watch.clock.now += process.GRACE  # type: ignore[attr-defined]
    watch._ping("https://switch.example/x")
    assert asked.call_count == pinged
