"""A gate with a stand-in for Django behind it, and browsers of all kinds before it."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler

from upstander.front.bodies import Reader
from upstander.front.flood import Flood
from upstander.front.gate import Gate
from upstander.front.lanes import Lanes
from upstander.front.static import StaticFile

FORM = b"application/x-www-form-urlencoded"


class Closing(list[bytes]):
    """What a WSGI application returns."""

    def close(self) -> None:
        """Nothing is left to do."""


@dataclass
class Behind:
    """Stands in for Django: remembers what reached it."""

    seconds: float = 0.0
    seen: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Closing:
        """Answer 200 with the length of the body."""
        body = cast("io.BufferedIOBase", environ["wsgi.input"]).read()
        time.sleep(self.seconds)
        self.seen.append(environ)
        self.bodies.append(body)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Closing([b"got %d" % len(body)])


@dataclass
class Got:
    """An answer as a browser sees it."""

    status: int
    headers: dict[str, str]
    body: bytes


def gate(
    behind: Behind,
    folder: Path,
    *,
    lanes: Lanes | None = None,
    flood: Flood | None = None,
    static: dict[str, StaticFile] | None = None,
    room: int = 10**9,
    unnamed: Path | None = None,
) -> Gate:
    """Return a gate in front of ``behind``."""
    return Gate(
        cast("WSGIHandler", behind),
        flood=flood or Flood(),
        reader=Reader(folder, room=room),
        static=static or {},
        lanes=lanes,
        unnamed=unnamed,
    )


async def parts(pieces: Iterable[bytes], pause: float = 0) -> AsyncIterator[bytes]:
    """Send a body piece by piece, with seconds between."""
    for piece in pieces:
        await asyncio.sleep(pause)
        yield piece


async def ask(
    at: Gate,
    path: str,
    *,
    method: str = "GET",
    body: bytes | AsyncIterator[bytes] = b"",
    peer: str = "192.0.2.1",
    headers: dict[str, str] | None = None,
    kind: bytes = FORM,
    hang_up: bool = False,
) -> Got:
    """Send one request; ``hang_up`` goes away where the body ends."""
    sent: list[Any] = []
    stream = body if not isinstance(body, bytes) else parts([body])
    raw = {"host": "127.0.0.1"} | (headers or {})
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "client": (peer, 5000),
        "headers": [
            *((name.encode(), value.encode()) for name, value in raw.items()),
            *([(b"content-type", kind)] if method == "POST" else []),
        ],
    }

    async def receive() -> Any:
        async for piece in stream:
            return {"type": "http.request", "body": piece, "more_body": True}
        if hang_up:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    await at(scope, receive, send)
    if not sent:
        return Got(0, {}, b"")
    return Got(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in sent[0]["headers"]},
        sent[1]["body"],
    )


async def post(at: Gate, path: str = "/report", **more: Any) -> Got:
    """Send a form."""
    return await ask(at, path, method="POST", **more)
