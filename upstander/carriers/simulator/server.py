"""The simulator's web server: the provider's interface, the push service, the phones page.

Threads and the standard library are enough: it serves one machine's demo and tests.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from upstander.carriers.simulator import control, pushing, rest
from upstander.carriers.simulator.behaviour import WrongBehaviour
from upstander.carriers.simulator.things import Account, Phone, Push
from upstander.carriers.simulator.world import World

LONGEST_BODY = 64 * 1024
PAGE = Path(__file__).with_name("page")
_POLICY = (
    "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
#: Seconds between two pictures of the phones, and until a quiet stream shows that it lives.
BREATH, QUIET = 0.1, 15.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    @property
    def world(self) -> World:
        return self.server.simulator.world

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/2010-04-01/") and "/Media/ME" in path:
            self._picture(path)
        elif path.startswith("/2010-04-01/"):
            self._rest("GET", path)
        elif not self._from_here():
            self._json(403, {"error": "ask 127.0.0.1 or localhost"})
        elif path == "/control/state":
            self._json(200, control.state(self.world))
        elif path == "/control/stream":
            self._stream()
        else:
            self._file("phones.html" if path == "/" else path.lstrip("/"))

    def do_DELETE(self) -> None:
        self._rest("DELETE", urlsplit(self.path).path)

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/2010-04-01/"):
            self._rest("POST", path)
        elif path.startswith("/push/"):
            self._push(path.removeprefix("/push/"))
        else:
            self._control(path)

    def _from_here(self) -> bool:
        """Refuse a page of another name that points here (DNS rebinding)."""
        name = self.headers.get("Host", "").rsplit(":", 1)[0]
        return name in ("127.0.0.1", "localhost") or not self.server.simulator.private

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            return b""
        return self.rfile.read(int(length))

    def _answer(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _json(self, status: int, body: dict[str, Any], **headers: str) -> None:
        if status == 204:  # which has no body (RFC 9110)
            self.send_response(status)
            self.end_headers()
            return
        self._answer(status, json.dumps(body).encode(), "application/json", headers)

    def _rest(self, method: str, path: str) -> None:
        said = self._body().decode(errors="replace") or urlsplit(self.path).query
        form = parse_qs(said, keep_blank_values=True)
        authorization = self.headers.get("Authorization", "")
        reply = rest.handle(self.world, method, path, authorization, form)
        if reply is None:
            self.close_connection = True
        else:
            self._json(reply.status, reply.body)

    def _picture(self, path: str) -> None:
        found = rest.picture(self.world, path, self.headers.get("Authorization", ""))
        if found is None:
            self._json(404, {"error": "not found"})
        else:
            self._answer(200, *found)

    def _control(self, path: str) -> None:
        body = self._body()
        # A form of another site can't be of this kind; a script of another site is not let through.
        if not self._from_here() or self.headers.get_content_type() != "application/json":
            self._json(403, {"error": "JSON from this machine only"})
            return
        try:
            wanted = json.loads(body or b"{}")
            if not isinstance(wanted, dict):
                raise WrongBehaviour("an object is wanted")
            self._json(200, control.act(self.world, path, wanted, self.server.simulator.url))
        except control.Unknown as unknown:
            self._json(404, {"error": str(unknown)})
        except (WrongBehaviour, json.JSONDecodeError) as wrong:
            self._json(400, {"error": str(wrong)})

    def _push(self, name: str) -> None:
        body = self._body()
        subscription = self.world.subscriptions.get(name)
        if subscription is None:
            self._json(404, {"error": "no such subscription"})
            return
        phone = self.world.phone(subscription.number)
        if phone.behaviour.pushes in ("gone", "refused"):
            status = 410 if phone.behaviour.pushes == "gone" else 429
            self._json(status, {"error": phone.behaviour.pushes})
            return
        try:
            headers = {
                word: self.headers.get(word, "") for word in _PUSH_HEADERS if word in self.headers
            }
            pushing.check(headers, body, self.server.simulator.url)
        except pushing.PushRefused as refused:
            self._json(refused.status, {"error": str(refused)})
            return
        if phone.behaviour.pushes == "arrive":
            try:
                payload = subscription.open(body)
            except pushing.CannotRead as unread:
                # The service can't know; the browser drops it without a word (RFC 8291).
                self.server.simulator.unread.append(str(unread))
            else:
                shown = Push(payload, headers.get("Urgency", "normal"), subscription.site)
                self.world.show(phone, shown)
        place = f"{self.server.simulator.url}/push/message/{name}"
        self._answer(201, b"", "text/plain", {"Location": place, "TTL": headers["TTL"]})

    def _file(self, name: str) -> None:
        path = PAGE / name
        if path.parent != PAGE or path.suffix not in _KINDS or not path.is_file():
            self._json(404, {"error": "not found"})
            return
        kind = f"{_KINDS[path.suffix]}; charset=utf-8"
        self._answer(
            200,
            path.read_bytes(),
            kind,
            {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"},
        )

    def _differs(self, version: int) -> bool:
        return self.world.version != version

    def _stream(self) -> None:
        """Send the state whenever it changes (server-sent events), until the page is closed."""
        world = self.world
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        seen = -1
        try:
            while not world.closed:
                if world.wait(partial(self._differs, seen), QUIET):
                    shown = control.state(world)
                    seen = shown["version"]
                    self.wfile.write(b"data: " + json.dumps(shown).encode() + b"\n\n")
                else:
                    self.wfile.write(b": quiet\n\n")
                self.wfile.flush()
                world.wait(lambda: world.closed, BREATH)
        except OSError:
            return


_PUSH_HEADERS = ("TTL", "Content-Encoding", "Urgency", "Topic", "Authorization")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512
    block_on_close = False
    simulator: Simulator

    def handle_error(self, *_arguments: object) -> None:
        """A customer that hung up is no news."""


class Simulator:
    """A running simulator. ``close()`` it."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        phones: Iterable[Phone] = (),
        subscriptions: Iterable[pushing.Subscription] = (),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: float = 1.0,
    ) -> None:
        """``pace``: real seconds for a second of ringing, speaking, sending. Raises OSError."""
        given = list(accounts) or [
            Account("north", "+18605550180"),
            Account("south", "+18605550190"),
        ]
        self.world = World(given, pace=pace)
        self.world.phones.update({phone.number: phone for phone in phones})
        self.world.subscriptions.update({one.id: one for one in subscriptions})
        self.unread: list[str] = []
        """Why pushes could not be opened."""
        self.private = host in ("127.0.0.1", "localhost", "::1")
        try:
            self._server = _Server((host, port), _Handler)
        except OSError:
            self.world.close()
            raise
        self._server.simulator = self
        self.port = int(self._server.server_address[1])
        self.url = self.world.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Simulator:
        """Serve on a thread, and return at once."""
        run = self._server.serve_forever
        threading.Thread(target=run, args=(0.05,), name="simulator", daemon=True).start()
        return self

    def serve(self) -> None:
        """Serve on this thread, for ever."""
        self._server.serve_forever()

    def close(self) -> None:
        """Stop serving and forget all."""
        self._server.shutdown()
        self._server.server_close()
        self.world.close()
