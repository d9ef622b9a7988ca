"""An open page as the live stream sees it, driven by hand: no server between test and stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from tests.waiting import PATIENCE
from upstander.desk import live
from upstander.people.sessions import COOKIE


async def polled(times: int = 2) -> None:
    """Wait until the hub has looked so often at what changed: after the second of them, every page
    has been told of all that had happened by now."""
    hub, done = live.hub(), asyncio.Semaphore(0)
    turn = hub._turn

    async def counted(*, poll: bool) -> None:
        await turn(poll=poll)
        if poll:
            done.release()

    hub._turn = counted  # type: ignore[method-assign]
    try:
        async with asyncio.timeout(PATIENCE):
            for _ in range(times):
                await done.acquire()
    finally:
        hub._turn = turn  # type: ignore[method-assign]


class LivePage:
    """One page that has the stream open: ``async with LivePage(token) as page``."""

    def __init__(
        self, token: str, *, at: UUID | str = "queue", headers: dict[str, str] | None = None
    ) -> None:
        self.sent: list[MutableMapping[str, Any]] = []
        self.events: list[tuple[str, Any]] = []
        self._more = asyncio.Event()
        self._gone = asyncio.Event()
        given = {"host": "localhost", "cookie": f"{COOKIE}={token}", **(headers or {})}
        self._scope = {
            "type": "http",
            "method": "GET",
            "path": "/live",
            "query_string": f"at={at}".encode(),
            "headers": [(k.encode(), v.encode()) for k, v in given.items()],
        }

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(live.live(self._scope, self._receive, self._send))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._gone.set()
        await asyncio.wait_for(self._task, PATIENCE)

    async def _receive(self) -> MutableMapping[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(message)
        for block in message.get("body", b"").decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in fields:
                self.events.append((fields["event"], json.loads(fields["data"])))
        self._more.set()

    @property
    def status(self) -> int:
        """The status of the answer."""
        return int(self.sent[0]["status"])

    def of(self, name: str, tip: UUID | None = None) -> list[Any]:
        """Return the events of a name that have come, about one tip if it is given."""
        return [
            data
            for known, data in self.events
            if known == name and (tip is None or data["id"] == str(tip))
        ]

    async def until(
        self,
        name: str,
        tip: UUID | None = None,
        *,
        when: Callable[[Any], bool] = lambda data: True,
    ) -> Any:
        """Wait for an event of which ``when`` is true, and return its data. Raises TimeoutError."""

        async def come() -> Any:
            while not (found := [data for data in self.of(name, tip) if when(data)]):
                self._more.clear()
                await self._more.wait()
            return found[-1]

        return await asyncio.wait_for(come(), PATIENCE)

    async def over(self) -> None:
        """Wait until the answer has ended."""
        await asyncio.wait_for(asyncio.shield(self._task), PATIENCE)
