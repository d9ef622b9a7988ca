"""The front of the public site: raw ASGI before, sync Django behind.

It reads each body before a thread is taken, lets everybody have a turn, serves the static files,
and is the only place that sees an address. Behind it nothing does: a request that reaches Django
carries no address, no browser's name and no referrer.
"""

from __future__ import annotations

import asyncio
import io
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from upstander.carriers.providers import signature_headers
from upstander.doors.web.cookie import ELSEWHERE
from upstander.doors.web.report import FROM_A_CROWD, SAME_WORDS, SIMILARITY
from upstander.front.bodies import FILE, FORM, Allowance, Cut, Gone, NoRoom, Reader, TooBig, TooSlow
from upstander.front.flood import Flood
from upstander.front.heard import HEARD, recording
from upstander.front.lanes import LaneFull, Lanes
from upstander.front.pages import Answer, busy_answer, error_answer, is_api
from upstander.front.spoken import START, VARY, led_on
from upstander.front.static import StaticFile

log = logging.getLogger("upstander.front")

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

#: The only headers that a view may see.
_PASSED = {
    b"host": "HTTP_HOST",
    b"cookie": "HTTP_COOKIE",
    b"accept-encoding": "HTTP_ACCEPT_ENCODING",
    b"sec-fetch-site": "HTTP_SEC_FETCH_SITE",
    b"x-forwarded-proto": "HTTP_X_FORWARDED_PROTO",
    b"content-type": "CONTENT_TYPE",
}
#: And of what providers report, how they sign it: as each kind of provider says itself.
_PASSED_OF_PROVIDERS = _PASSED | {
    name.lower().encode(): f"HTTP_{name.upper().replace('-', '_')}" for name in signature_headers()
}
#: And of what machines ask the directory: whether what they have still holds.
_PASSED_OF_MACHINES = _PASSED | {b"if-none-match": "HTTP_IF_NONE_MATCH"}
#: What providers call. All of them call from one place, and often: that is no flood.
_CARRIERS = "/carriers/"
#: Where new tips are sent, in every language.
_TIPS = "/report"
#: Seconds in which it is told once that nobody says whom the proxy brings.
_TELL_EVERY = 60.0
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Gate:
    """The ASGI application of the public process."""

    def __init__(
        self,
        handler: WSGIHandler,
        *,
        flood: Flood,
        reader: Reader,
        static: Mapping[str, StaticFile],
        lanes: Lanes | None = None,
        unnamed: Path | None = None,
    ) -> None:
        """``unnamed``: behind a proxy, the file that is touched when it doesn't say whom it brings.

        It is empty, and tells an administrator to look at the proxy (`upstander doctor`).
        """
        self.handler, self.flood, self.reader = handler, flood, reader
        self.static = static
        self.lanes = lanes or Lanes()
        self._scheme = "https" if settings.TLS else "http"
        self._unnamed = unnamed
        self._host = urlsplit(settings.PUBLIC_URL).netloc.encode()
        self._told_at = -math.inf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        headers = _headers(scope)
        try:
            answer = await self._answer(scope, headers, receive)
        except (Gone, TooSlow):
            # Who has gone reads nothing; but a body that is broken on purpose ends here as well,
            # and without an answer of ours the server beneath us would give its own, a 500.
            answer = error_answer(400, scope["path"])
        except TooBig:
            answer = error_answer(413, scope["path"])
        except (NoRoom, OSError):
            answer = error_answer(503, scope["path"])
        except Exception:
            log.exception("a request broke in the gate")
            answer = error_answer(500, scope["path"])
        # A name that says nothing, lest the server beneath us gives its own.
        start = {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [*answer.headers, (b"server", b"web")],
        }
        await send(start)
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _answer(
        self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive
    ) -> Answer:
        method, path = scope["method"], scope["path"]
        if (file := await self._file(path, headers)) is not None:
            return file
        # The directory says by itself, in the form that machines read, in which ways it is asked.
        if method not in _METHODS and not is_api(path):
            return error_answer(405, path)
        peer = str(scope["client"][0]) if scope.get("client") else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        if self._unnamed is not None and not self.flood.is_named(peer, forwarded):
            self._tell_unnamed(self._unnamed, headers)
        source = self.flood.source(peer, forwarded)
        if method != "POST":
            if led := led_on(path, headers):
                return led
            page = await self._page(scope, headers, io.BytesIO(), 0, source=source, slow=False)
            return page if path != START else Answer(page.status, [*page.headers, VARY], page.body)
        counted = not path.startswith(_CARRIERS) and not is_api(path)
        slow = counted and self.flood.is_slow(source, tip=path.endswith(_TIPS))
        allowance = _allowance(path, headers)
        try:
            body, size = await self.reader.read(receive, allowance, _declared(headers), source)
        except Cut as cut:
            answer = _busy(path, headers, cut.came, cut=True)
            # The rest of the body is still to come, and nobody reads it.
            return Answer(answer.status, [*answer.headers, (b"connection", b"close")], answer.body)
        return await self._page(
            scope, headers, body, size, source=source, slow=slow, file=allowance is FILE
        )

    async def _file(self, path: str, headers: Mapping[bytes, bytes]) -> Answer | None:
        """Answer with what is the same for everybody, and of which nobody is told."""
        if file := self.static.get(path):
            accepted = headers.get(b"accept-encoding", b"").decode("latin-1")
            return Answer(200, *file.answer(accepted))
        if path.startswith(HEARD):
            wanted = headers.get(b"range", b"").decode("latin-1")
            return await asyncio.to_thread(recording, path, wanted)
        return None

    def _tell_unnamed(self, mark: Path, headers: Mapping[bytes, bytes]) -> None:
        """Say that all reporters count as one place; never whose request it was."""
        # The supervisor asks this machine's own port, past the proxy, by another name.
        if headers.get(b"host") != self._host or time.monotonic() - self._told_at < _TELL_EVERY:
            return
        if self._told_at < 0:
            log.warning(
                "requests come in of which no trusted proxy says whence: all reporters count as"
                " one place. Run `upstander doctor`."
            )
        self._told_at = time.monotonic()
        with suppress(OSError):
            mark.touch()

    async def _page(
        self,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        body: io.BufferedIOBase,
        size: int,
        *,
        source: bytes,
        slow: bool,
        file: bool = False,
    ) -> Answer:
        environ = self._environ(scope, headers, body, size)
        if slow:
            environ[SIMILARITY] = self.flood.similarity
        environ[SAME_WORDS] = self.flood.same_words
        environ[FROM_A_CROWD] = partial(self.flood.is_crowd, source)
        loop = asyncio.get_running_loop()

        def work(hand_over: Callable[[Answer], None]) -> Answer | None:
            try:
                return self._serve(environ, hand_over)
            finally:
                if not isinstance(body, io.BytesIO):
                    loop.call_soon_threadsafe(self.reader.release, body)

        try:
            if is_api(scope["path"]):
                return await self.lanes.run(work, source=source, lane=self.lanes.machines)
            return await self.lanes.run(work, source=source, slow=slow, file=file)
        except LaneFull:
            try:
                if scope["method"] != "POST":
                    return error_answer(503, scope["path"])
                whole = body.read() if size <= FORM.most else b""
                return _busy(scope["path"], headers, whole)
            finally:
                self.reader.release(body)

    def _serve(self, environ: dict[str, Any], hand_over: Callable[[Answer], None]) -> Answer | None:
        """Have Django answer; in a thread. What it leaves for afterwards delays nobody."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: Any = None, /
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _written: None

        response = self.handler(environ, start_response)
        try:
            body = b"".join(response)
            status, headers = started[0]
            sent = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]
            # What says "as you have it" has no body, and no length of one (RFC 9110, 8.6).
            if status[:3] != "304" and not any(name == b"content-length" for name, _ in sent):
                sent.append((b"content-length", str(len(body)).encode()))
            answer = Answer(int(status[:3]), sent, body)
            if not getattr(response, "tidies_up", False):
                return answer
            hand_over(answer)
            return None
        finally:
            response.close()

    def _environ(
        self, scope: Scope, headers: Mapping[bytes, bytes], body: io.BufferedIOBase, size: int
    ) -> dict[str, Any]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            # WSGI (PEP 3333) wants the bytes of the path as latin-1.
            "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
            "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443" if settings.TLS else "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "",
            "CONTENT_LENGTH": str(size),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._scheme,
            "wsgi.input": body,
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        of_provider = scope["path"].startswith(_CARRIERS)
        passed = _PASSED_OF_MACHINES if is_api(scope["path"]) else _PASSED
        for name, key in (_PASSED_OF_PROVIDERS if of_provider else passed).items():
            if name in headers:
                environ[key] = headers[name].decode("latin-1")
        if "CONTENT_TYPE" in environ:
            environ["CONTENT_TYPE"] = _without_charset(environ["CONTENT_TYPE"])
        return environ


def _busy(path: str, headers: Mapping[bytes, bytes], came: bytes, *, cut: bool = False) -> Answer:
    """Give back what came of a form, to be sent again from our own page.

    Not what another website made the browser send: most of a form goes along unseen, such as the
    words of a code that is somebody else's.
    """
    if is_api(path) or headers.get(b"sec-fetch-site", b"").decode("latin-1") in ELSEWHERE:
        return error_answer(503, path)
    kind = headers.get(b"content-type", b"").decode("latin-1")
    return busy_answer(path, kind if came or cut else "", came, cut=cut)


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers; of one that comes twice the values are joined, as HTTP has it."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        joint = b"; " if name == b"cookie" else b", "
        found[name] = found[name] + joint + value if name in found else value
    return found


def _without_charset(kind: str) -> str:
    """Every form of ours is UTF-8. Python knows odder charsets, and breaks over some of them."""
    return ";".join(
        part for part in kind.split(";") if not part.strip().lower().startswith("charset")
    )


def _declared(headers: Mapping[bytes, bytes]) -> int | None:
    value = headers.get(b"content-length", b"")
    return int(value) if value.isdigit() and len(value) < 16 else None


def _allowance(path: str, headers: Mapping[bytes, bytes]) -> Allowance:
    """Files may be big and slow, on the address that takes them and nowhere else."""
    multipart = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
    return FILE if multipart and path.endswith(("/talk/file", "/report")) else FORM
