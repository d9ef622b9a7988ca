"""Who waits for a turn at Argon2id, and who goes first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import RequestFactory

from tests import waiting
from tests.waiting import PATIENCE
from upstander.people import turns
from upstander.people.turns import Busy, Turns


def until(check: Callable[[], bool]) -> None:
    """Wait until it is so."""
    assert waiting.until(check, pause=0.001)


class Line:
    """A line for one slot, which is held until ``let_go``; whoever has had a turn, in order."""

    def __init__(self, folder: Path, **limits: float) -> None:
        self.turns = Turns(folder, 1, most=int(limits.get("most", 64)), patience=PATIENCE)
        self.held = ExitStack()
        self.held.enter_context(self.turns.taken("whoever was first"))
        self.went: list[str] = []
        self.busy: list[str] = []
        self.threads: list[threading.Thread] = []
        #: Whose turn lasts until what happens.
        self.stays: dict[str, threading.Event] = {}

    def comes(self, name: str, *, known: bool = False, made_up: bool = False) -> None:
        """Let somebody wait; the first letter of a name is the address."""

        def wait() -> None:
            try:
                with self.turns.taken(name[0], known=known, made_up=made_up) as own:
                    self.went.append(name if own else f"{name} along")
                    if name in self.stays:
                        self.stays[name].wait(PATIENCE)
            except Busy:
                self.busy.append(name)

        before = len(self.turns.waiting) + len(self.busy)
        self.threads.append(threading.Thread(target=wait, daemon=True))
        self.threads[-1].start()
        until(lambda: len(self.turns.waiting) + len(self.busy) > before)

    def let_go(self) -> list[str]:
        """Give the slot back and return who went, once everybody has."""
        self.held.close()
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        return self.went


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """A line of many."""
    made = Line(tmp_path)
    yield made
    made.held.close()


def test_known_devices_go_first_then_each_address_in_turn(line: Line) -> None:
    for name in ("A1", "A2", "A3", "B1", "A4", "B2", "C1"):
        line.comes(name)
    line.comes("K", known=True)
    assert line.let_go() == ["K", "A1", "B1", "C1", "A2", "B2", "A3", "A4"]


def test_who_comes_often_overtakes_nobody(line: Line) -> None:
    over = line.stays["A1"] = threading.Event()
    for name in ("A1", "A2", "B1"):
        line.comes(name)
    line.held.close()
    until(lambda: line.went == ["A1"])
    line.comes("A3")
    over.set()
    assert line.let_go() == ["A1", "B1", "A2", "A3"]


def test_made_up_accounts_keep_no_slot_from_a_real_one(line: Line) -> None:
    for number in range(5):
        line.comes(f"A{number}", made_up=True)
    line.comes("B-real")
    line.comes("C-late", made_up=True)
    first, *others = line.let_go()
    assert first == "B-real", "who came before goes along, and no sooner"
    assert sorted(others) == [*(f"A{number} along" for number in range(5)), "C-late"]


def test_made_up_accounts_alone_take_one_run_together(line: Line) -> None:
    for number in range(5):
        line.comes(f"A{number}", made_up=True)
    went = line.let_go()
    assert went[0] == "A0"
    assert sorted(went[1:]) == [f"A{number} along" for number in range(1, 5)]


def test_a_full_line_sends_away_whoever_would_be_last(tmp_path: Path) -> None:
    line = Line(tmp_path, most=3)
    for name in ("A1", "A2", "A3"):
        line.comes(name)
    line.comes("A4")
    line.comes("A5", made_up=True)
    assert line.busy == ["A4", "A5"]
    line.comes("B1", made_up=True)
    assert line.busy == ["A4", "A5"], "a real one would take A3's place, a made-up one takes none"
    line.comes("C1")
    until(lambda: line.busy == ["A4", "A5", "A3"])
    line.comes("K", known=True)
    until(lambda: line.busy == ["A4", "A5", "A3", "A2"])
    went = line.let_go()
    assert [name for name in went if "along" not in name] == ["K", "A1", "C1"]


def test_who_has_waited_too_long_is_told(tmp_path: Path) -> None:
    line = Line(tmp_path)
    hurried = Turns(tmp_path, 1, patience=0.0)
    with pytest.raises(Busy), hurried.taken("A"):
        pass
    assert hurried.waiting == []
    line.held.close()
    with hurried.taken("A") as own:
        assert own


def test_slots_are_shared_with_other_processes(tmp_path: Path) -> None:
    here, there = Line(tmp_path), Turns(tmp_path, 1, patience=PATIENCE)
    went: list[bool] = []

    def other() -> None:
        with there.taken("A") as own:
            went.append(own)

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    until(lambda: len(there.waiting) == 1)
    assert went == []
    here.let_go()
    thread.join(PATIENCE)
    assert went == [True]


@pytest.mark.django_db
def test_nobody_waits_within_a_transaction() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with context.request_context(request):
        with turns.turn(), turns.turn() as own:
            assert own
            assert turns.has_turn()
        assert not turns.has_turn()
        with transaction.atomic(), pytest.raises(RuntimeError), turns.turn():
            pass


def test_a_command_waits_for_nobody() -> None:
    with turns.turn() as own:
        assert own
        assert not turns.has_turn()
