"""The desk as granian serves it: Django for its pages, and the live stream beside it."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("UPSTANDER_PROCESS", "desk")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")

from django.core.asgi import get_asgi_application

#: Django types ASGI's scope more narrowly than the servers that fill it.
_pages: Any = get_asgi_application()

from upstander.desk.live import Receive, Scope, Send, live  # noqa: E402 - Django is set up now


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give ``/live`` to the stream and everything else to Django."""
    if scope["type"] == "http" and scope["path"] == "/live":
        await live(scope, receive, send)
    else:
        await _pages(scope, receive, send)
