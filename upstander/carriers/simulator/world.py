"""The simulator's world: all accounts, phones, texts and calls, under one lock."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable

from upstander.carriers.simulator.callbacks import Caller
from upstander.carriers.simulator.later import Later
from upstander.carriers.simulator.pushing import Subscription
from upstander.carriers.simulator.things import Account, Call, Callback, Phone, Push, Room, Text

#: What is kept of texts, calls, pushes and callbacks, each. A demo may run for weeks.
KEPT = 5000


class World:
    """Everything that the simulator knows. Change it under ``lock`` and say so by ``changed()``."""

    def __init__(self, accounts: Iterable[Account], *, pace: float, seed: int = 7) -> None:
        """``pace``: real seconds for one second of ringing, speaking and sending."""
        self.lock = threading.Condition(threading.RLock())
        self.pace = pace
        self.accounts = {account.name: account for account in accounts}
        self.phones: dict[str, Phone] = {}
        self.texts: dict[str, Text] = {}
        self.calls: dict[str, Call] = {}
        self.rooms: dict[str, Room] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.callbacks: list[Callback] = []
        self.url = ""
        """Where it is reached: what lies here for a customer to fetch."""
        self.version = 0
        self.closed = False
        self.dice = random.Random(seed)  # noqa: S311 - chance, not a secret
        self.later = Later()
        self.caller = Caller(self.later, pace, self._told)

    def account_of(self, sid: str) -> Account | None:
        """Return the account with that id."""
        return next((one for one in self.accounts.values() if one.sid == sid), None)

    def phone(self, number: str) -> Phone:
        """Return the phone with that number; one that nobody named yet rings too."""
        with self.lock:
            return self.phones.setdefault(number, Phone(number))

    def changed(self) -> None:
        """Let all who wait look again."""
        with self.lock:
            self.version += 1
            self.lock.notify_all()

    def wait(self, check: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``check`` holds, at most so many real seconds; whether it does."""
        deadline = time.monotonic() + seconds
        with self.lock:
            while not check():
                left = deadline - time.monotonic()
                if left <= 0 or self.closed:
                    return False
                self.lock.wait(left)
            return True

    def keep(self, thing: Text | Call | Room) -> None:
        """Remember a text, a call or a room."""
        with self.lock:
            kept: dict[str, Text] | dict[str, Call] | dict[str, Room]
            if isinstance(thing, Text):
                kept = self.texts
                self.texts[thing.sid] = thing
            elif isinstance(thing, Call):
                kept = self.calls
                self.calls[thing.sid] = thing
            else:
                kept = self.rooms
                self.rooms[thing.sid] = thing
            while len(kept) > KEPT:
                del kept[next(iter(kept))]
            self.changed()

    def show(self, phone: Phone, thing: Text | Call | Push) -> None:
        """Put something on a phone's screen."""
        with self.lock:
            phone.feed.append(thing)
            del phone.feed[:-KEPT]
            self.changed()

    def _told(self, callback: Callback) -> None:
        with self.lock:
            self.callbacks.append(callback)
            del self.callbacks[:-KEPT]
            self.changed()

    def close(self) -> None:
        """End all that waits."""
        with self.lock:
            self.closed = True
            self.changed()
        self.later.close()
