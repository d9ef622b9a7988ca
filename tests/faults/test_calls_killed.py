"""`kill -9` while a child is on the phone: who talks goes on talking, who waits is connected.

The real product and its own phones. Nobody is at the desk, so a supervisor's phone rings.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.faults.test_killed import victims
from tests.servers import System
from tests.waiting import PATIENCE, until
from upstander.command.demo_phones import CENTER_PHONE, LINES, STUDENTS, TEXT_LINE
from upstander.config.database import Role

pytestmark = [pytest.mark.servers, pytest.mark.slow]

STUDENT = next(iter(STUDENTS))
EAR = LINES["ruth@lakeside.example"].number
CODE = re.compile(r"(?:\d[ .]+){16}")


@dataclass(frozen=True)
class Hand:
    """Somebody with a phone, by what the phones page asks of the simulator."""

    system: System
    number: str

    def _shown(self) -> dict[str, Any]:
        state = requests.get(f"{self.system.phones}/control/state", timeout=PATIENCE).json()
        shown: dict[str, Any] = next(
            phone for phone in state["phones"] if phone["number"] == self.number
        )
        return shown

    def call(self) -> dict[str, Any]:
        """Return the call of the line's that it has now, or none."""
        return next(
            (one for one in self._shown()["calls"] if TEXT_LINE in (one["from"], one["to"])), {}
        )

    def heard(self) -> str:
        """Return all that it heard in this call."""
        return " ".join(line["words"] for line in self.call().get("lines", ()))

    def connected(self) -> bool:
        """Return whether somebody else hears what is said here: before, it goes to nobody."""
        call = self.call()
        return bool(call.get("with")) and not call["held"]

    def does(self, **what: str) -> None:
        """Do something in the call."""
        sid = self.call()["sid"]
        at = f"{self.system.phones}/control/calls/{sid}"
        assert requests.post(at, json=what, timeout=PATIENCE).ok

    def calls_the_line(self) -> None:
        """Call, and wait until somebody picks up."""
        at = f"{self.system.phones}/control/phones/{self.number}/calls"
        assert requests.post(at, json={}, timeout=PATIENCE).ok
        self.waits(lambda: "911" in self.heard(), "nobody picked up")

    def takes(self, keys: str = "") -> None:
        """Wait until it rings, pick up, and perhaps press keys."""
        self.waits(lambda: self.call().get("status") == "ringing", "it never rang")
        self.does(do="answer")
        if keys:
            self.waits(lambda: bool(self.call().get("asking")), "nothing was asked")
            self.does(do="press", keys=keys)

    def waits(self, check: Callable[[], bool], otherwise: str) -> None:
        """Wait until something holds."""
        assert until(check, pause=0.1), f"{otherwise}: {self.call()}"

    def says(self, words: str, to: Hand) -> None:
        """Say something once both are connected, which the other hears."""
        for one in (self, to):
            one.waits(one.connected, "not connected")
        self.does(do="say", words=words)
        to.waits(lambda: words in to.heard(), "they don't hear each other")


@pytest.fixture
def student(mortal: System) -> Iterator[Hand]:
    """A student, whose call has ended when the test has."""
    assert until(lambda: mortal.answers(mortal.public_port))
    made = Hand(mortal, STUDENT)
    yield made
    for one in (made, Hand(mortal, EAR), Hand(mortal, CENTER_PHONE)):
        while one.call():
            # It may end by itself meanwhile.
            with suppress(KeyError, AssertionError):
                one.does(do="hang_up")
            until(lambda one=one: not one.call())  # type: ignore[misc]


@pytest.fixture
def ruth(mortal: System) -> Hand:
    """The supervisor, who is rung where nobody is at the desk."""
    return Hand(mortal, EAR)


@pytest.fixture
def center(mortal: System) -> Hand:
    """The center's own phone."""
    return Hand(mortal, CENTER_PHONE)


def kill(system: System, name: str) -> None:
    """Kill, as `kill -9` does."""
    found = victims(system, name)
    assert found
    for pid in found:
        os.kill(pid, signal.SIGKILL)


def back(system: System) -> None:
    """Wait until everything runs again."""
    assert until(lambda: system.answers(system.public_port))
    beat, since = system.home.run / "worker.heartbeat", time.time()
    assert until(lambda: beat.exists() and beat.stat().st_mtime > since)


def calls_kept(system: System) -> int:
    """Return how many tips came by phone."""
    with system.sign_in(Role.OWNER) as owner:
        row = owner.execute("SELECT count(*) FROM tips_tip WHERE channel = 'voice'").fetchone()
    return int((row or (0,))[0])


@pytest.mark.parametrize("name", ["worker", "public and public worker", "database"])
def test_who_talks_goes_on_and_gets_the_code(
    mortal: System, student: Hand, ruth: Hand, name: str
) -> None:
    before = calls_kept(mortal)
    student.calls_the_line()
    ruth.takes("1")
    ruth.says("I am here.", student)
    kill(mortal, name)
    student.says("Somebody is in the hall.", ruth)
    back(mortal)
    ruth.says("Tell me more.", student)
    ruth.does(do="hang_up")
    student.waits(lambda: bool(CODE.search(student.heard())), "no code")
    assert calls_kept(mortal) == before + 1


def test_who_waits_while_the_worker_dies_is_rung_for(
    mortal: System, student: Hand, ruth: Hand
) -> None:
    kill(mortal, "worker")
    student.calls_the_line()
    ruth.takes("1")
    ruth.says("I am here.", student)


def test_who_waits_while_the_site_dies_has_the_centers_own_phone(
    mortal: System, student: Hand, center: Hand
) -> None:
    student.calls_the_line()
    kill(mortal, "public and public worker")
    student.does(do="press", keys="1")
    center.takes()
    center.says("Lakeside, this is Sam.", student)
    back(mortal)
    assert "We are connecting you" in student.heard()


def test_a_caller_who_hangs_up_while_the_worker_is_dead_is_told_of(
    mortal: System, student: Hand, ruth: Hand
) -> None:
    student.calls_the_line()
    ruth.takes("1")
    student.waits(lambda: student.call().get("with") == "room", "no room")
    kill(mortal, "worker")
    student.does(do="hang_up")
    ruth.waits(lambda: not ruth.call(), "she sits in an empty room")


def test_a_call_while_nothing_runs_is_connected(
    mortal: System, student: Hand, center: Hand
) -> None:
    kill(mortal, "public and public worker")
    at = f"{mortal.phones}/control/phones/{STUDENT}/calls"
    assert requests.post(at, json={}, timeout=PATIENCE).ok
    center.takes()
    center.says("Lakeside, this is Sam.", student)
