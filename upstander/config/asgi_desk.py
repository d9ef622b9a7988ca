"""The desk as granian serves it: Django for its pages, and the live stream beside it."""

from __future__ import annotations

import asyncio
import os
from typing import Any

os.environ.setdefault("UPSTANDER_PROCESS", "desk")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")

from django.core.asgi import get_asgi_application

#: Django types ASGI's scope more narrowly than the servers that fill it.
_pages: Any = get_asgi_application()

from upstander.config.checking import refuse_addresses  # noqa: E402 - Django is set up now
from upstander.desk.live import Receive, Scope, Send, live  # noqa: E402

refuse_addresses("upstander.config.urls_desk", rail=True)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give ``/live`` to the stream and everything else to Django."""
    if scope["type"] == "http" and scope["path"] == "/live":
        await live(scope, receive, send)
    else:
        await _pages(scope, _to_its_end(receive), send)


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
