"""Phones and two providers for tests: the simulator on a thread, a hundred times as fast.

    def test_it(phones: Phones) -> None:
        phones.behave("+18605550101", calls="answer", keys=["1", "7"])
        phones.provider("north").behave(refuse=503)
        ...
        assert phones.texts("+18605550101") == ["..."]

A student's phone calls a line, and hears what the customer's documents say:

    phones.line("+18605550170", url=f"{site}/carriers/north/door/call")
    call = phones.call("+18605550121", "+18605550170")
    call.hears("press 1")
    call.press("1")
    ear = phones.takes("+18605550101", "1")   # the ear that rings answers, and presses 1
    ear.say("Hello.")
    call.hears("Hello.")

In such a call a question's time passes by ``call.nothing()`` alone: no test waits for it.

Import the fixture into a conftest, or use ``Phones()`` with ``close()``. Any number can run.
A phone that nobody named exists and rings. What scripts do goes at the pace; a hand's time is real.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.waiting import PATIENCE
from upstander.carriers.simulator import calling, control, texting
from upstander.carriers.simulator.behaviour import changed
from upstander.carriers.simulator.server import Simulator
from upstander.carriers.simulator.things import (
    Account,
    Call,
    Callback,
    Media,
    Room,
    Text,
    VoiceLine,
)

#: Seconds that a slow machine may take for what takes a moment.


@dataclass(frozen=True)
class Provider:
    """One of the two: its account, and how it behaves."""

    account: Account
    phones: Phones

    def behave(self, **how: Any) -> None:
        """Change its behaviour (AccountBehaviour's names)."""
        self.account.behaviour = changed(self.account.behaviour, how)


@dataclass(frozen=True)
class Talk:
    """A call, held by its phone."""

    call: Call
    phones: Phones

    @property
    def status(self) -> str:
        """Its state (Twilio's names)."""
        return self.call.status

    def heard(self) -> list[str]:
        """Return all that the phone heard so far: documents read aloud, and people."""
        with self.phones.world.lock:
            return [line.words for line in self.call.lines if line.who in ("voice", "other")]

    def hears(self, part: str) -> None:
        """Wait until the phone has heard something."""
        self._wait(lambda: any(part in words for words in self.heard()), f"{part!r}")

    def asked(self) -> None:
        """Wait until a question waits for a key."""
        self._wait(lambda: self.call.asking, "a question")

    def nothing(self) -> None:
        """Press nothing until the time of the question is over."""
        calling.pass_time(self.phones.world, self.call)

    def press(self, keys: str) -> None:
        """Press keys; those before a question wait for it."""
        self.phones.press(self.call, keys)

    def say(self, words: str) -> None:
        """Say something to whoever else is in the call."""
        calling.say(self.phones.world, self.call, words)

    def hang_up(self) -> None:
        """Decline, or end."""
        self.phones.hang_up(self.call)
        self.ended()

    def ended(self) -> None:
        """Wait until it is over."""
        self._wait(lambda: self.call.over, "the end")

    def in_room(self) -> Room:
        """Wait until it is in a room in which people hear each other."""
        self._wait(lambda: bool(self._talking()), "a room")
        return self._talking()[0]

    def rooms(self) -> list[Room]:
        """Return the room that it is in now, if there is one."""
        with self.phones.world.lock:
            return [self.call.part.room] if self.call.part else []

    def _talking(self) -> list[Room]:
        return [room for room in self.rooms() if room.status == "in-progress"]

    def _wait(self, check: Callable[[], bool], what: str) -> None:
        came = self.phones.world.wait(check, PATIENCE)
        assert came, f"{what} never came; {self.status}, {self.call.lines}"


class Phones:
    """A simulator of one's own, with accounts ``north`` and ``south``."""

    def __init__(self, *, pace: float = 0.01) -> None:
        self.simulator = Simulator(pace=pace).start()
        self.world = self.simulator.world
        self.url = self.simulator.url

    def close(self) -> None:
        """Stop it."""
        self.simulator.close()

    def provider(self, name: str) -> Provider:
        """Return ``north`` or ``south``."""
        return Provider(self.world.accounts[name], self)

    def behave(self, number: str, **how: Any) -> None:
        """Change a phone's behaviour (PhoneBehaviour's names)."""
        control.act(self.world, f"/control/phones/{number}", {"behaviour": how}, self.url)

    def line(
        self,
        number: str,
        *,
        url: str,
        fallback: str = "",
        status: str = "",
        account: str = "north",
    ) -> None:
        """Set up a number that takes calls, as in the provider's console."""
        self.world.accounts[account].voice[number] = VoiceLine(url, fallback, status)

    def subscribe(self, number: str) -> dict[str, Any]:
        """Return a push subscription of the phone's browser, as a page would get it."""
        return control.subscribe(self.world, number).told(self.url)

    # -- looking ----------------------------------------------------------------------------------
    def texts(self, number: str) -> list[str]:
        """Return the texts that arrived, oldest first."""
        with self.world.lock:
            return [text.body for text in self.world.phone(number).texts if not text.inbound]

    def calls(self, number: str) -> list[Call]:
        """Return the calls that rang (or found it busy), oldest first."""
        with self.world.lock:
            return list(self.world.phone(number).calls)

    def pushes(self, number: str) -> list[str]:
        """Return the pushes that the browser could open, oldest first."""
        with self.world.lock:
            return [push.payload for push in self.world.phone(number).pushes]

    def ordered(self) -> list[Text | Call]:
        """Return all that both providers took, oldest first of each kind."""
        with self.world.lock:
            texts = [text for text in self.world.texts.values() if not text.inbound]
            return [*texts, *self.world.calls.values()]

    def callbacks(self, part: str = "") -> list[Callback]:
        """Return the callbacks sent to addresses that hold ``part``, with what came back."""
        with self.world.lock:
            return [one for one in self.world.callbacks if part in one.url]

    def wait(self, check: Callable[[], bool]) -> None:
        """Wait until something holds in the simulator; fail if it never does."""
        assert self.world.wait(check, PATIENCE), "it never came"

    def rooms(self, status: str = "") -> list[Room]:
        """Return the rooms, oldest first; those of a state (init, in-progress, completed)."""
        with self.world.lock:
            return [room for room in self.world.rooms.values() if status in ("", room.status)]

    def ringing(self, number: str) -> Call:
        """Wait until a phone rings, and return the call."""
        phone = self.world.phone(number)

        def ringing() -> list[Call]:
            return [call for call in phone.calls if call.status == "ringing" and not call.inbound]

        self.wait(lambda: bool(ringing()))
        return ringing()[0]

    # -- doing ------------------------------------------------------------------------------------
    def reply(self, number: str, body: str, account: str = "north") -> Text:
        """Write a text on a phone to a provider's number."""
        return texting.write(self.world, number, body, self.world.accounts[account])

    def write(self, number: str, body: str, line: str, *pictures: bytes) -> Text:
        """Write a text on a reporter's phone to a line, perhaps with pictures."""
        media = [Media(one) for one in pictures]
        owner = next(a for a in self.world.accounts.values() if line in a.lines)
        return texting.write(self.world, number, body, owner, line=line, media=media)

    def call(self, number: str, line: str, *, timed: bool = False) -> Talk:
        """Let a phone call a line. ``timed``: a question's time passes by itself."""
        owner = next(a for a in self.world.accounts.values() if line in a.voice)
        return Talk(calling.dial(self.world, number, owner, line, timed=timed), self)

    def takes(self, number: str, keys: str = "") -> Talk:
        """Wait until a phone rings, pick up, perhaps press keys, and return the call."""
        call = self.ringing(number)
        self.answer(call)
        if keys:
            self.press(call, keys)
        return Talk(call, self)

    def answer(self, call: Call) -> None:
        """Pick up."""
        calling.answer(self.world, call)
        self.wait(lambda: call.status != "ringing")

    def press(self, call: Call, keys: str) -> None:
        """Press keys; those before a question wait for it."""
        self.wait(lambda: call.status == "in-progress")
        calling.press(self.world, call, keys)

    def hang_up(self, call: Call) -> None:
        """Decline, or end."""
        calling.hang_up(self.world, call)


@pytest.fixture
def phones() -> Iterator[Phones]:
    """Two providers and everybody's phones."""
    made = Phones()
    yield made
    made.close()
