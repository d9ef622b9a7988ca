"""``python -m tests.bench.echo PORT``: the sites' own server, which says what it was asked.

Each answer is JSON: the request's line, its body's length, and every X-Forwarded-For it came with.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from upstander.command.web import load_application, server_of


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    """Answer one request (ASGI 3)."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        event = await receive()
        size += len(event.get("body", b""))
        more = event["type"] == "http.request" and event.get("more_body", False)
    said = {
        "line": f"{scope['method']} {scope['path']}",
        "size": size,
        "from": [v.decode("latin-1") for k, v in scope["headers"] if k == b"x-forwarded-for"],
    }
    print(json.dumps(said), flush=True)
    body = json.dumps(said).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


if __name__ == "__main__":
    server_of("tests.bench.echo:application", address="127.0.0.1", port=int(sys.argv[1])).serve(
        target_loader=load_application
    )
