"""Reading what a browser sends: with a cap and a deadline, and never in clear on a disk.

A body is read whole before a thread is taken for it. A small one stays in memory; a big one goes
to an unlinked, encrypted file (``tips/spool.py``).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upstander.front.slots import Body, Slots
from upstander.tips.spool import Spool

Receive = Callable[[], Awaitable[Any]]

#: Above this many bytes a body leaves the memory.
IN_MEMORY = 128 * 1024
#: It is written in pieces of about this size.
PIECE = 256 * 1024


class TooBig(Exception):
    """The body is bigger than this address takes."""


class TooSlow(Exception):
    """The body did not come in time."""


class Gone(Exception):
    """The browser went away before it had sent all."""


class Cut(Exception):
    """Too many bodies were on their way, and this one was the slowest of its place."""

    def __init__(self, came: bytes) -> None:
        """``came`` is what had come of a form: its page gives it back. Of a file it is empty."""
        super().__init__()
        self.came = came


class NoRoom(Exception):
    """So many big bodies are coming in that the disk would fill."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may come, and how slowly."""

    most: int
    #: Seconds that any body gets …
    seconds: float
    #: … and one more for each so many bytes that have come: a slow line that keeps coming is fine.
    bytes_per_second: int


FORM = Allowance(most=300_000, seconds=20, bytes_per_second=1_000)
FILE = Allowance(most=100 * 1024 * 1024 + 100_000, seconds=60, bytes_per_second=16_000)


class _SpoolReader(io.RawIOBase):
    """A spool as a file to read from its start, once."""

    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self.spool = spool
        self._records = iter(spool)
        self._ahead = b""

    def readable(self) -> bool:
        """Tell io that this is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what fits into ``buffer``; 0 at the end. Raises SealBroken."""
        while not self._ahead:
            record = next(self._records, None)
            if record is None:
                return 0
            self._ahead = record
        size = min(len(buffer), len(self._ahead))
        buffer[:size] = self._ahead[:size]
        self._ahead = self._ahead[size:]
        return size

    def close(self) -> None:
        """Give the file back; it has no name, so nothing of it stays."""
        self.spool.close()
        super().close()


class Reader:
    """Reads bodies for one process."""

    def __init__(
        self,
        folder: Path,
        *,
        room: int = 2 * 1024**3,
        slots: Slots | None = None,
        settle: Callable[[], None] | None = None,
    ) -> None:
        """``folder`` is where big bodies wait, ``room`` how many bytes of them at once.

        Each thread that writes them does ``settle`` first.
        """
        self._folder, self._room = folder, room
        self._slots = slots or Slots()
        self._held = 0
        self._writers = ThreadPoolExecutor(thread_name_prefix="spool", initializer=settle)

    async def read(
        self,
        receive: Receive,
        allowance: Allowance,
        declared: int | None,
        source: bytes = b"",
    ) -> tuple[io.BufferedIOBase, int]:
        """Return the body, ready to read, and its length.

        ``declared`` is its Content-Length, ``source`` the place it comes from. Raises TooBig,
        TooSlow, Cut, Gone, NoRoom, OSError.
        """
        if declared is not None and declared > allowance.most:
            raise TooBig
        body = self._slots.take(source, asyncio.get_running_loop().time())
        try:
            return await self._read(receive, allowance, body)
        finally:
            self._slots.leave(body)

    async def _read(
        self, receive: Receive, allowance: Allowance, body: Body
    ) -> tuple[io.BufferedIOBase, int]:
        parts: list[bytes] = []
        size = pending = 0
        spool: Spool | None = None
        try:
            more = True
            while more:
                deadline = body.since + allowance.seconds + size / allowance.bytes_per_second
                try:
                    part, more = await next_part(receive, body, deadline)
                except Cut:
                    raise Cut(b"".join(parts) if spool is None else b"") from None
                body.size = size = size + len(part)
                pending += len(part)
                if size > allowance.most:
                    raise TooBig
                parts.append(part)
                if spool is None and pending > IN_MEMORY:
                    spool = Spool(self._folder)
                if spool is not None and (pending >= PIECE or not more):
                    await self._spill(spool, parts, pending)
                    parts, pending = [], 0
        except BaseException:
            if spool is not None:
                self._held -= spool.size
                spool.close()
            raise
        if spool is None:
            return io.BytesIO(b"".join(parts)), size
        return io.BufferedReader(_SpoolReader(spool), PIECE), size

    async def _spill(self, spool: Spool, parts: list[bytes], size: int) -> None:
        if self._held + size > self._room:
            raise NoRoom
        self._held += size
        # In a thread: a slow disk must not hold up the others' requests.
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writers, spool.write, b"".join(parts))

    def release(self, body: io.BufferedIOBase) -> None:
        """Close a body that was dealt with. Safe to call twice."""
        if body.closed:
            return
        if isinstance(body, io.BufferedReader) and isinstance(body.raw, _SpoolReader):
            self._held -= body.raw.spool.size
        body.close()


async def next_part(receive: Receive, body: Body, deadline: float) -> tuple[bytes, bool]:
    """Return the next part of a body, and whether more comes. Raises TooSlow, Cut, Gone."""
    if body.is_cut():
        raise Cut(b"")
    try:
        async with body.waiting(deadline):
            event = await receive()
    except TimeoutError:
        raise (Cut(b"") if body.is_cut() else TooSlow) from None
    if event["type"] != "http.request":
        raise Gone
    return event.get("body", b""), event.get("more_body", False)
