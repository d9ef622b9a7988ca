"""Slow and endless bodies sent to the desk: cut, with what was typed, and nobody else waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from upstander.config import asgi_desk, desk_bodies
from upstander.config.desk_bodies import Bodies
from upstander.front.bodies import Allowance
from upstander.front.slots import Slots
from upstander.tips.tests.loops import apart

FORM = b"application/x-www-form-urlencoded"
WORDS = "Spoke with her at the side door; she will come back after lunch."


async def ask(
    pieces: list[bytes],
    *,
    method: str = "POST",
    kind: bytes = FORM,
    pause: float = 0,
    ends: bool = True,
) -> tuple[int, bytes, dict[bytes, bytes]]:
    """Send one request to the desk's application, piece by piece."""
    sent: list[Any] = []
    left = iter(pieces)

    async def receive() -> Any:
        await asyncio.sleep(pause)
        piece = next(left, None)
        if piece is None and not ends:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {
        "type": "http",
        "method": method,
        "path": "/no-such-page",
        "raw_path": b"/no-such-page",
        "root_path": "",
        "query_string": b"",
        "client": ("127.0.0.9", 5000),
        "headers": [(b"host", b"localhost"), (b"content-type", kind)],
    }
    await asgi_desk.application(scope, receive, send)
    return sent[0]["status"], sent[1]["body"], dict(sent[0]["headers"])


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> Bodies:
    """Few slots, a little room and short patience."""
    short = Allowance(most=2_000, seconds=0.3, bytes_per_second=10**9)
    monkeypatch.setattr(desk_bodies, "FORM", short)
    made = Bodies(Slots(most=6, most_each=4), room=5_000)
    monkeypatch.setattr(asgi_desk, "_bodies", made)
    return made


def test_a_body_that_stalls_ends_with_what_had_come(bodies: Bodies) -> None:
    typed = b"csrfmiddlewaretoken=" + b"s" * 64 + b"&note=" + WORDS.replace(" ", "+").encode()
    status, page, headers = apart(ask([typed], ends=False))
    assert status == 503
    assert WORDS.encode() in page
    assert b"s" * 64 not in page
    assert headers[b"connection"] == b"close"
    assert b"default-src" in headers[b"content-security-policy"]
    assert (bodies.slots.count, bodies.held) == (0, 0)


def test_an_endless_form_is_too_big(bodies: Bodies) -> None:
    status, _, _ = apart(ask([b"x" * 500] * 20))
    assert status == 413
    assert (bodies.slots.count, bodies.held) == (0, 0)


def test_who_has_not_signed_in_sends_no_files(bodies: Bodies) -> None:
    status, _, _ = apart(ask([b"x" * 500] * 20, kind=b"multipart/form-data; boundary=x"))
    assert status == 413


def test_all_under_way_have_one_room(bodies: Bodies) -> None:
    async def run() -> list[int]:
        asked = [ask([b"x" * 1_900], ends=False) for _ in range(4)]
        return [status for status, _, _ in await asyncio.gather(*asked)]

    assert apart(run()) == [503] * 4
    assert (bodies.slots.count, bodies.held) == (0, 0)


@pytest.mark.django_db
def test_slow_bodies_hold_up_no_page_and_no_form(bodies: Bodies) -> None:
    async def run() -> tuple[int, int, list[int]]:
        slow = [asyncio.create_task(ask([b"note=a"], ends=False)) for _ in range(30)]
        await asyncio.sleep(0.05)
        page, _, _ = await ask([], method="GET", ends=False)
        form, _, _ = await ask([b"note=quick"])
        return page, form, [status for status, _, _ in await asyncio.gather(*slow)]

    page, form, slow = apart(run())
    assert page == 404
    assert form in (403, 404), "it came to Django"
    assert slow == [503] * 30
    assert bodies.slots.count == 0
