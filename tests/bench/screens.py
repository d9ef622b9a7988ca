"""Many open queue pages: ``python -m tests.bench.screens`` holds their live streams and listens.

Reads one JSON object (port, cookies) from its input, opens a stream for each cookie, prints
``ready``, listens until a line comes, and prints when each stream heard of which tip.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time
from collections import defaultdict
from typing import Any, cast

import uvloop

_ROW = re.compile(rb'event: row\n(?:id: [^\n]*\n)?data: \{"id":"([0-9a-f-]{36})"')


class Screen(asyncio.Protocol):
    """One open page: notes the moment at which a row of each tip came for the first time."""

    def __init__(self, request: bytes, heard: dict[str, dict[int, float]], number: int) -> None:
        self._request, self._heard, self._number = request, heard, number
        self._rest = b""
        self.open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        cast("asyncio.Transport", transport).write(self._request)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Give up if it never opened."""
        if not self.open.done():
            self.open.set_result(False)

    def data_received(self, data: bytes) -> None:
        """Look for rows; an event may come in pieces."""
        now = time.monotonic()
        if not self.open.done() and (b"event: hello" in data or b"HTTP/1.1 2" not in data):
            self.open.set_result(b"HTTP/1.1 200" in data or b"event: hello" in data)
        text = self._rest + data
        end = text.rfind(b"\n\n")
        self._rest = text[end + 2 :] if end >= 0 else text
        for found in _ROW.finditer(text[: end + 2] if end >= 0 else b""):
            self._heard[found[1].decode()].setdefault(self._number, now)


async def listen(job: dict[str, Any]) -> dict[str, Any]:
    """Open the streams and listen until told to stop."""
    loop = asyncio.get_running_loop()
    heard: dict[str, dict[int, float]] = defaultdict(dict)
    screens = []
    for number, cookie in enumerate(job["cookies"]):
        request = (
            f"GET /live HTTP/1.1\r\nHost: localhost:{job['port']}\r\nCookie: {cookie}\r\n"
            "Accept: text/event-stream\r\nSec-Fetch-Site: same-origin\r\n\r\n"
        ).encode()
        _, screen = await loop.create_connection(
            lambda r=request, n=number: Screen(r, heard, n),  # type: ignore[misc]
            "127.0.0.1",
            job["port"],
        )
        screens.append(screen)
    opened = sum(await asyncio.gather(*(screen.open for screen in screens)))
    await asyncio.sleep(2)
    print(json.dumps({"opened": opened}), flush=True)
    before = resource.getrusage(resource.RUSAGE_SELF)
    await loop.run_in_executor(None, sys.stdin.readline)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return {"heard": {tip: list(times.values()) for tip, times in heard.items()}, "cpu": cpu}


def main() -> None:
    """Read the job, listen, print what was heard."""
    job = json.loads(sys.stdin.readline())
    print(json.dumps(uvloop.run(listen(job))), flush=True)


if __name__ == "__main__":
    main()
