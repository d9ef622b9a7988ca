"""Phones and two providers for tests: the simulator on a thread, a hundred times as fast.

    def test_it(phones: Phones) -> None:
        phones.behave("+18605550101", calls="answer", keys=["1", "7"])
        phones.provider("north").behave(refuse=503)
        ...
        assert phones.texts("+18605550101") == ["..."]

Import the fixture into a conftest, or use ``Phones()`` with ``close()``. Any number can run.
A phone that nobody named exists and rings. What scripts do goes at the pace; a hand's time is real.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from upstander.carriers.simulator import calling, control, texting
from upstander.carriers.simulator.behaviour import changed
from upstander.carriers.simulator.server import Simulator
from upstander.carriers.simulator.things import Account, Call, Callback, Text

#: Seconds that a slow machine may take for what takes a moment.
PATIENCE = 20.0


@dataclass(frozen=True)
class Provider:
    """One of the two: its account, and how it behaves."""

    account: Account
    phones: Phones

    def behave(self, **how: Any) -> None:
        """Change its behaviour (AccountBehaviour's names)."""
        self.account.behaviour = changed(self.account.behaviour, how)


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
            return [*self.world.texts.values(), *self.world.calls.values()]

    def callbacks(self, part: str = "") -> list[Callback]:
        """Return the callbacks sent to addresses that hold ``part``, with what came back."""
        with self.world.lock:
            return [one for one in self.world.callbacks if part in one.url]

    def wait(self, check: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something holds in the simulator; fail if it never does."""
        assert self.world.wait(check, seconds), "it never came"

    def ringing(self, number: str, seconds: float = PATIENCE) -> Call:
        """Wait until a phone rings, and return the call."""
        phone = self.world.phone(number)
        self.wait(lambda: any(call.status == "ringing" for call in phone.calls), seconds)
        return next(call for call in phone.calls if call.status == "ringing")

    # -- doing ------------------------------------------------------------------------------------
    def reply(self, number: str, body: str, account: str = "north") -> Text:
        """Write a text on a phone to a provider's number."""
        return texting.write(self.world, number, body, self.world.accounts[account])

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
