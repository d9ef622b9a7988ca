"""What is sent to the desk comes with a cap and a deadline, and from many places at once.

Django reads a body as slowly as it comes and as long as it gets. Whoever has no account could so
hold every place that the desk has (``front/slots.py``), or fill its disk.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import QueryDict

from upstander.front.bodies import (
    Allowance,
    Cut,
    Gone,
    NoRoom,
    Receive,
    TooBig,
    TooSlow,
    next_part,
)
from upstander.front.slots import Slots
from upstander.ui.press import typed_words

#: Django itself refuses a form above DATA_UPLOAD_MAX_MEMORY_SIZE, with a better page than ours.
FORM = Allowance(most=2_000_000, seconds=20, bytes_per_second=1_000)
FILE = Allowance(most=101_000_000, seconds=60, bytes_per_second=16_000)
#: Seconds until somebody without a session is told that their body was cut for others'.
PAUSE = (10.0, 30.0)
#: So many wait for it at most: a quarter of the connections that a process holds.
MOST_PAUSED = 4_000
#: Bytes under way at once; Django puts those of files on the disk.
ROOM = 1_000_000_000


def allowance(headers: Mapping[bytes, bytes]) -> Allowance:
    """Return how much may come: files only from a browser that has signed in."""
    multipart = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
    return FILE if multipart and b"cookie" in headers else FORM


class Bodies:
    """The bodies on their way to the desk's process."""

    def __init__(self, slots: Slots, *, room: int = ROOM) -> None:
        """``slots`` is for these alone; ``room`` is in bytes."""
        self.slots, self.room = slots, room
        self.held = 0
        self.paused = 0

    async def pause(self) -> None:
        """Let whoever was cut wait: thousands that come back at once would take the desk's time.

        What waits is a connection and no more, each so long that they don't come back together.
        """
        if self.paused < MOST_PAUSED:
            self.paused += 1
            try:
                await asyncio.sleep(random.uniform(*PAUSE))  # noqa: S311 - no secret
            finally:
                self.paused -= 1

    def limited(self, receive: Receive, allowed: Allowance, source: bytes, now: float) -> Limited:
        """Return what to give Django instead of ``receive``. Call its ``close`` afterwards."""
        return Limited(self, receive, allowed, source, now)


class Limited:
    """One request's ``receive``, which says "the browser has gone" where the body may not go on."""

    def __init__(
        self, bodies: Bodies, receive: Receive, allowed: Allowance, source: bytes, now: float
    ) -> None:
        """``now`` is the loop's clock, in seconds."""
        self._bodies, self._receive, self._allowed = bodies, receive, allowed
        self._body = bodies.slots.take(source, now)
        self._held = 0
        self._came: list[bytes] = []
        #: Why it did not go on. Django gives up a request whose browser has gone, without a word.
        self.broke: TooBig | TooSlow | Cut | Gone | NoRoom | None = None

    async def __call__(self) -> Any:
        """Return the next part, as ASGI has it."""
        try:
            return await self._next()
        except (TooBig, TooSlow, Cut, Gone, NoRoom) as broke:
            self.broke = broke
            return {"type": "http.disconnect"}

    async def _next(self) -> Any:
        body, allowed = self._body, self._allowed
        until = body.since + allowed.seconds + body.size / allowed.bytes_per_second
        part, more = await next_part(self._receive, body, until)
        body.size += len(part)
        if body.size > allowed.most:
            raise TooBig
        if self._bodies.held + len(part) > self._bodies.room:
            raise NoRoom
        self._held += len(part)
        self._bodies.held += len(part)
        if allowed is FORM:
            self._came.append(part)
        if not more:
            self._bodies.slots.leave(body)
        return {"type": "http.request", "body": part, "more_body": more}

    def words(self) -> list[str]:
        """Return what had come of a form's fields, so that its page can give it back."""
        query = b"".join(self._came).decode("utf-8", "replace")
        return typed_words(QueryDict(query[: settings.DATA_UPLOAD_MAX_MEMORY_SIZE]))

    def close(self) -> None:
        """Give its slot and its room back, and what had come. Safe to call twice."""
        self._bodies.slots.leave(self._body)
        self._bodies.held -= self._held
        self._held = 0
        self._came.clear()
