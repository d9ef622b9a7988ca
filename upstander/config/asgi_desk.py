"""The desk as granian serves it: Django for its pages, and the live stream beside it."""

from __future__ import annotations

import asyncio
import os
from functools import cache
from typing import Any

os.environ.setdefault("UPSTANDER_PROCESS", "desk")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")

from django.core.asgi import get_asgi_application

#: Django types ASGI's scope more narrowly than the servers that fill it.
_pages: Any = get_asgi_application()

from django.conf import settings  # noqa: E402 - Django is set up now
from django.http import HttpRequest, HttpResponse, parse_cookie  # noqa: E402

from upstander.config.checking import refuse_addresses  # noqa: E402
from upstander.config.desk_bodies import Bodies, Limited, allowance  # noqa: E402
from upstander.desk.live import Receive, Scope, Send, live  # noqa: E402
from upstander.desk.middleware import HEADERS  # noqa: E402
from upstander.front.bodies import Cut, Gone, TooBig  # noqa: E402
from upstander.front.flood import Flood  # noqa: E402
from upstander.front.slots import Slots  # noqa: E402
from upstander.people import sessions  # noqa: E402
from upstander.ui.errors import desk_cut, desk_page  # noqa: E402
from upstander.watch import signing_in  # noqa: E402

refuse_addresses("upstander.config.urls_desk", rail=True)
if settings.PROCESS == "desk":
    signing_in.begin()

_bodies = Bodies(Slots(most=1_000))
_places = Flood(trusted=settings.TRUSTED_PROXIES)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give ``/live`` to the stream and everything else to Django."""
    if scope["type"] == "http" and scope["path"] == "/live":
        await live(scope, receive, send)
    elif scope["type"] == "http" and scope["method"] == "POST":
        await _posted(scope, receive, send)
    else:
        await _pages(scope, _to_its_end(_no_body), send)


async def _no_body() -> Any:
    """Stand for the body of a page that is only looked at: nobody waits for what comes."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def _posted(scope: Scope, receive: Receive, send: Send) -> None:
    """Have Django answer a form, if it comes in time; else answer it here, with its words."""
    headers = dict(scope["headers"])
    peer = str(scope["client"][0]) if scope.get("client") else ""
    source = _places.source(peer, headers.get(b"x-forwarded-for", b"").decode("latin-1"))
    now = asyncio.get_running_loop().time()
    limited = _bodies.limited(receive, allowance(headers), source, now)
    try:
        await _pages(scope, _to_its_end(limited), send)
        if limited.broke is not None:
            await _refuse(scope, send, limited)
    finally:
        limited.close()


async def _refuse(scope: Scope, send: Send, limited: Limited) -> None:
    match limited.broke:
        case TooBig():
            page = _ready(413)
        case Gone():
            # Without an answer of ours the server beneath us would give its own, a 500.
            page = _ready(400)
        case _ if _has_signed_in(scope):
            page = _closing(desk_cut(HttpRequest(), limited.words()))
        case _:
            limited.close()
            if isinstance(limited.broke, Cut):
                await _bodies.pause()
            page = _ready(503)
    headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in page.items()]
    await send({"type": "http.response.start", "status": page.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": page.content, "more_body": False})


def _has_signed_in(scope: Scope) -> bool:
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    return sessions.was_given(cookies.get(sessions.COOKIE, ""))


@cache
def _ready(status: int) -> HttpResponse:
    """Return a page that gives nothing back, rendered once."""
    request = HttpRequest()
    return _closing(desk_cut(request, ()) if status == 503 else desk_page(request, status))


def _closing(page: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        page[name] = value
    # The rest of the body is still to come, and nobody reads it.
    page["Connection"] = "close"
    return page


def _to_its_end(receive: Receive) -> Receive:
    """Say nothing of a browser that leaves once its request is here: what it asked for is done.

    Django would give the page up in the middle. What was pressed is then done or not, as chance has
    it, and its own end of the request breaks (asgiref's executor has quit).
    """
    whole = False

    async def next_message() -> Any:
        nonlocal whole
        if whole:
            # Django listens for the leaving as long as it works, and stops listening by itself.
            await asyncio.get_running_loop().create_future()
        message = await receive()
        whole = message["type"] == "http.request" and not message.get("more_body", False)
        return message

    return next_message
