"""``/live``: the stream by which open pages hear what changed. A raw ASGI callable.

It carries no word of a tip: rows of the queue, and "tip X changed". Two hundred of these stay open
for hours, so none may hold a thread or a database connection of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from upstander.desk import live_rows
from upstander.desk.live_hub import Hub, Stream, event
from upstander.desk.live_rows import Snapshot
from upstander.people.sessions import COOKIE

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: A line that keeps proxies from closing the stream, in seconds.
HEARTBEAT = 15.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),
]

_hub: Hub | None = None


def hub() -> Hub:
    """Return this process's hub; made in the event loop of its first page."""
    global _hub  # noqa: PLW0603 - one a process, like its event loop
    if _hub is None:
        _hub = Hub()
    return _hub


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request for the stream until the page, the session or the process ends."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    refused = _refusal(scope, headers)
    if refused:
        await _answer(send, refused)
        return
    query = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
    token = _cookie(headers)
    joining = await hub().ask(live_rows.join, token, _uuid(query.get("at"))) if token else None
    if joining is None:
        # 204 tells the browser not to come back by itself (HTML, server-sent events).
        await _answer(send, 204)
        return
    stream = Stream(joining)
    mark, _, seen = query.get("since", [""])[0].partition("~")
    again = _number(headers.get(b"last-event-id"))
    since, snapshot = again or _number(mark), None if again else Snapshot.parse(seen)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _write(send, b"retry: 2000\n\n" + event("hello", {"me": joining.viewer.person_id}))
        await hub().enter(stream, since, snapshot)
        await _flow(send, stream, gone)
    finally:
        gone.cancel()
        hub().leave(stream)


async def _flow(send: Send, stream: Stream, gone: asyncio.Task[None]) -> None:
    """Send what comes for this page, and a sign of life when nothing does."""
    while not gone.done():
        waiting = asyncio.create_task(stream.outbox.get())
        await asyncio.wait({waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            if not gone.done():
                now = hub().now
                stamp = f"id: {now.timestamp():.0f}\n" if now else ""
                await _write(send, f": here\n{stamp}\n".encode())
            continue
        message = waiting.result()
        if message is None:
            break
        # What has come meanwhile goes out in the same packet.
        while not stream.outbox.empty() and (more := stream.outbox.get_nowait()) is not None:
            message += more
        await _write(send, message)
        if stream.ended:
            break
    if not gone.done():
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _answer(send: Send, status: int) -> None:
    headers = [(b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _refusal(scope: Scope, headers: dict[bytes, bytes]) -> int:
    """Return the status with which a request is refused, 0 if it is not."""
    if scope["method"] != "GET":
        return 405
    domain, _ = split_domain_port(headers.get(b"host", b"").decode("ascii", "replace"))
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return 400
    # No other site's page may open it in the name of somebody who is signed in here.
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return 403
    return 0


def _cookie(headers: dict[bytes, bytes]) -> str:
    cookies: SimpleCookie = SimpleCookie()
    with suppress(CookieError):
        cookies.load(headers.get(b"cookie", b"").decode("latin-1"))
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _uuid(values: list[str] | None) -> UUID | None:
    try:
        return UUID(values[0]) if values else None
    except ValueError:
        return None


def _number(text: bytes | str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
