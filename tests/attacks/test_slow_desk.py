"""Slow and endless bodies sent to the desk: cut, with what was typed, and nobody else waits."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from django.core.signing import TimestampSigner
from django.template.loader import get_template

from upstander.config import asgi_desk, desk_bodies
from upstander.config.desk_bodies import Bodies
from upstander.front.bodies import Allowance
from upstander.front.slots import Slots
from upstander.people import sessions
from upstander.tips.tests.loops import apart
from upstander.ui import errors

FORM = b"application/x-www-form-urlencoded"
WORDS = "Spoke with her at the side door; she will come back after lunch."


async def ask(
    pieces: list[bytes],
    *,
    method: str = "POST",
    kind: bytes = FORM,
    pause: float = 0,
    ends: bool = True,
    cookie: bytes = b"",
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
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", kind),
            *([(b"cookie", cookie)] if cookie else []),
        ],
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
    monkeypatch.setattr(desk_bodies, "PAUSE", (0.0, 0.0))
    return made


@pytest.fixture
def signed_in() -> bytes:
    """The cookie that the desk gives to who signs in."""
    return f"{sessions.COOKIE}={TimestampSigner(salt=sessions._SALT).sign('a token')}".encode()


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every page that is rendered from now on; the ready one has been."""
    asgi_desk._ready(503)
    seen: list[str] = []

    def get(name: str) -> Any:
        seen.append(name)
        return get_template(name)

    monkeypatch.setattr(errors, "get_template", get)
    return seen


TYPED = b"csrfmiddlewaretoken=" + b"s" * 64 + b"&note=" + WORDS.replace(" ", "+").encode()


def test_a_body_that_stalls_ends_with_what_had_come(bodies: Bodies, signed_in: bytes) -> None:
    status, page, headers = apart(ask([TYPED], ends=False, cookie=signed_in))
    assert status == 503
    assert WORDS.encode() in page
    assert b"s" * 64 not in page
    assert headers[b"connection"] == b"close"
    assert b"default-src" in headers[b"content-security-policy"]
    assert (bodies.slots.count, bodies.held) == (0, 0)


def test_without_a_session_a_cut_costs_no_page(
    bodies: Bodies, signed_in: bytes, rendered: list[str]
) -> None:
    for cookie in (b"", signed_in[:-1], b"unlock=made.up", b"desk=" + signed_in):
        status, page, headers = apart(ask([TYPED], ends=False, cookie=cookie))
        assert status == 503
        assert WORDS.encode() not in page
        assert b"The desk did not get all that you sent." in page
        assert headers[b"connection"] == b"close"
        assert b"default-src" in headers[b"content-security-policy"]
    assert rendered == []
    apart(ask([TYPED], ends=False, cookie=signed_in))
    assert rendered == ["ui/error_desk.html"]
    assert (bodies.slots.count, bodies.held, bodies.paused) == (0, 0, 0)


def test_a_session_of_yesterday_is_none(
    bodies: Bodies, signed_in: bytes, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LONGEST", timedelta(seconds=-1))
    _, page, _ = apart(ask([TYPED], ends=False, cookie=signed_in))
    assert WORDS.encode() not in page
    assert rendered == []


def test_who_was_cut_for_others_waits_for_the_answer(
    bodies: Bodies, signed_in: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_bodies, "PAUSE", (3_600.0, 3_600.0))
    monkeypatch.setattr(desk_bodies, "MOST_PAUSED", 5)
    monkeypatch.setattr(desk_bodies, "FORM", Allowance(2_000, 3_600, 10**9))

    async def run() -> tuple[int, int, bytes]:
        staff = asyncio.create_task(ask([TYPED], ends=False, cookie=signed_in))
        slow = [asyncio.create_task(ask([b"note=a"], ends=False)) for _ in range(12)]
        _, page, _ = await staff
        for answer in islice(asyncio.as_completed(slow), 3):
            await answer
        paused = bodies.paused
        answered = sum(task.done() for task in slow)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return answered, paused, page

    answered, paused, page = apart(run())
    assert WORDS.encode() in page
    assert (answered, paused, bodies.paused) == (3, 5, 0)
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
