"""Whose turn it is to put a password through Argon2id: half the processors, one after the other.

A run takes a processor and 64 MiB for a seventh of a second. A slot is a locked file, shared by all
processes of the desk and free again when its process dies; each process has its own line of who
waits. A known device goes first, then each address in its turn. An account that doesn't exist waits
as long as one that does and never keeps a slot from it: it goes along with the run of whoever is
next, or takes a slot that nobody wants (ADR 196).
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.db import connections
from django.http import HttpRequest

from upstander.people.scope import can_look

#: Who may wait in one process; beyond it whoever would come last is told that the desk is busy.
MOST: Final = 64
#: … and of made-up accounts, which take nobody's place.
MADE_UP_MOST: Final = 200
#: Seconds that somebody waits at most.
PATIENCE: Final = 30.0
#: Seconds between two looks at the slots by whoever is next: another process may have let one go.
_LOOK_EVERY: Final = 0.01


class Busy(Exception):
    """Too many want a turn, or it did not come in time. Nothing was changed."""


@dataclass(eq=False)
class _Waiting:
    """Somebody in line. The lowest rank goes first: known devices, then round by round."""

    rank: tuple[bool, int, int]
    source: str
    made_up: bool
    cut: bool = False
    #: With whose run they go along, and whether their own has ended.
    along_with: _Waiting | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Turns:
    """The line of one process for slots that all processes share."""

    def __init__(
        self, folder: Path, slots: int, *, most: int = MOST, patience: float = PATIENCE
    ) -> None:
        """``folder`` is where the slots' files lie; ``patience`` is in seconds."""
        self._files = [folder / f"password-slot.{number}" for number in range(slots)]
        self._most, self._patience = most, patience
        self._changed = threading.Condition()
        self._round = 0
        self._numbers = count()
        self.waiting: list[_Waiting] = []

    @contextmanager
    def taken(self, source: str, *, known: bool = False, made_up: bool = False) -> Iterator[bool]:
        """Wait for a turn, and hold its slot. False: another's run was waited for, and none held.

        Only who is ``made_up`` gets False. Raises Busy.
        """
        me = self._enter(source, known=known, made_up=made_up)
        slot = self._wait(me)
        try:
            yield slot is not None
        finally:
            if slot is not None:
                os.close(slot)
            me.ended.set()

    def _enter(self, source: str, *, known: bool, made_up: bool) -> _Waiting:
        with self._changed:
            real = [one for one in self.waiting if not one.made_up]
            own = [one.rank[1] for one in real if one.source == source]
            rank = (not known, max(own, default=self._round) + 1, next(self._numbers))
            me = _Waiting(rank, source, made_up)
            last = max([*real, me], key=lambda one: one.rank)
            if len(real) >= self._most and (last is me or not made_up):
                self._cut(last)
            if made_up and len(self.waiting) - len(real) >= MADE_UP_MOST:
                me.cut = True
            if me.cut:
                raise Busy
            self.waiting.append(me)
            self._changed.notify_all()
            return me

    def _cut(self, last: _Waiting) -> None:
        """Send the last one away, and after them whoever only waits as long as they would have."""
        last.cut = True
        for one in self.waiting:
            one.cut |= one.made_up and one.rank > last.rank
        self.waiting = [one for one in self.waiting if not one.cut]

    def _wait(self, me: _Waiting) -> int | None:
        until = time.monotonic() + self._patience
        with self._changed:
            try:
                while me.along_with is None:
                    if me.cut:
                        raise Busy
                    first = me is self._next()
                    if first and (slot := self._free_slot()) is not None:
                        self._begin(me)
                        return slot
                    left = until - time.monotonic()
                    if left <= 0:
                        raise Busy
                    self._changed.wait(min(left, _LOOK_EVERY) if first else left)
            finally:
                if me in self.waiting:
                    self.waiting.remove(me)
                self._changed.notify_all()
        if not me.along_with.ended.wait(until - time.monotonic()):
            raise Busy
        return None

    def _next(self) -> _Waiting:
        return min(self.waiting, key=lambda one: (one.made_up, one.rank))

    def _begin(self, me: _Waiting) -> None:
        self._round = max(self._round, me.rank[1])
        for one in self.waiting:
            if one is not me and one.made_up and (me.made_up or one.rank < me.rank):
                one.along_with = me
        self.waiting = [one for one in self.waiting if one is not me and one.along_with is None]

    def _free_slot(self) -> int | None:
        """Return a slot that is now ours, as an open file; None: others have all."""
        for file in self._files:
            slot = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(slot)
            else:
                return slot
        return None


@cache
def desk_turns() -> Turns:
    """Return this process's line; all processes on this machine share half of its processors."""
    return Turns(Path(settings.HOME.run), max(1, len(os.sched_getaffinity(0)) // 2))


_this_thread = threading.local()


@contextmanager
def turn(*, device: str = "", made_up: bool = False) -> Iterator[bool]:
    """Wait for the turn of the request that is being answered, as ``Turns.taken`` does.

    ``device``: from which somebody has signed in before. Within a turn, and outside of any request
    (a command), nobody waits. Who waits holds no connection to the database. Raises Busy, and
    RuntimeError within a transaction.
    """
    request: HttpRequest | None = context.request
    if request is None or has_turn():
        yield True
        return
    if not can_look():
        raise RuntimeError("a turn is waited for outside of any transaction")
    if settings.VIEWING_ALIAS:
        connections.close_all()
    known = bool(device) or request.user.is_authenticated
    with desk_turns().taken(device or address_of(request), known=known, made_up=made_up) as own:
        _this_thread.has_turn = True
        try:
            yield own
        finally:
            _this_thread.has_turn = False


def has_turn() -> bool:
    """Tell whether this thread has its turn now."""
    return getattr(_this_thread, "has_turn", False)


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from, as the proxy in front says."""
    address: str = get_adapter().get_client_ip(request)
    return address
