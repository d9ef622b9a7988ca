"""A plain browser without JavaScript for tests that send thousands of requests: forms and cookies.

Each sends from an address of its own (all of 127.0.0.0/8 is this machine), as each child does.
"""

from __future__ import annotations

import html
import re
import secrets
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected
from http.cookies import SimpleCookie
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"


class Unreachable(Exception):
    """The line broke before a whole answer came, as when a server is killed."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page, with broken bytes marked."""
        return self.body.decode("utf-8", "replace")

    @property
    def code(self) -> str | None:
        """The return code, if the page shows one."""
        shown = re.search(r'id="return-code"[^>]*>(.*?)</p>', self.text, re.DOTALL)
        return " ".join(re.findall(r"<span>(.*?)</span>", shown[1])) if shown else None

    def field(self, name: str) -> str:
        """What stands in a form's input or text box. Raises AssertionError if it is not there."""
        found = re.search(
            rf'<(?:input[^>]*name="{name}"[^>]*value="([^"]*)"|'
            rf'textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>)',
            self.text,
            re.DOTALL,
        )
        assert found, f"no {name} in {self.status} {self.text[:300]}"
        return html.unescape(found[1] if found[1] is not None else found[2])


def an_address() -> str:
    """Return one of this machine's sixteen million addresses, at random."""
    return f"127.{1 + secrets.randbelow(250)}.{secrets.randbelow(250)}.{2 + secrets.randbelow(250)}"


@dataclass
class Phone:
    """One reporter's browser."""

    port: int
    address: str = field(default_factory=an_address)
    timeout: float = 30.0
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    _line: HTTPConnection | None = None

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        sent = {"Host": f"127.0.0.1:{self.port}", **self.headers, **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        used_before = self._line is not None
        try:
            got, whole = self._exchange(method, path, body, sent)
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError) as closed:
            self.hang_up()
            if not used_before:
                raise Unreachable from closed
            # The server had closed an idle line; browsers then open another without a word.
            try:
                got, whole = self._exchange(method, path, body, sent)
            except (OSError, HTTPException) as broken:
                self.hang_up()
                raise Unreachable from broken
        except (OSError, HTTPException) as broken:
            self.hang_up()
            raise Unreachable from broken
        answer = Answer(got.status, {n.lower(): value for n, value in got.getheaders()}, whole)
        for morsel in SimpleCookie(got.getheader("Set-Cookie", "")).values():
            if morsel.value:
                self.cookies[morsel.key] = morsel.value
            else:
                self.cookies.pop(morsel.key, None)
        return answer

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        if self._line is None:
            self._line = HTTPConnection(
                "127.0.0.1", self.port, timeout=self.timeout, source_address=(self.address, 0)
            )
        self._line.request(method, path, body, headers)
        got = self._line.getresponse()
        return got, got.read()

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page. Raises Unreachable."""
        return self._send("GET", path, None, headers)

    def ask(self, method: str, path: str, **headers: str) -> Answer:
        """Ask in another way than with GET. Raises Unreachable."""
        return self._send(method, path, None, headers)

    def post(self, path: str, form: Mapping[str, str] | bytes, kind: str = FORM) -> Answer:
        """Send a form: as fields, or as the bytes themselves. Raises Unreachable."""
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        return self._send("POST", path, body, {"Content-Type": kind})

    def send_tip(self, text: str, *, path: str = "/report", **answers: str) -> Answer:
        """Open the form and send it."""
        page = self.get(path)
        return self.post(path, {"token": page.field("token"), "text": text, **answers})

    def __del__(self) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """Close the line."""
        if self._line is not None:
            self._line.close()
            self._line = None


def multipart(parts: list[tuple[str, bytes]], boundary: str = "") -> tuple[bytes, str]:
    """Return a multipart body of (Content-Disposition's parameters, content), and its type."""
    boundary = boundary or uuid.uuid4().hex
    lines = b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        % (boundary.encode(), about.encode(), content)
        for about, content in parts
    )
    return lines + b"--%s--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"


def raw(port: int, sent: bytes, *, address: str = "", timeout: float = 10.0) -> bytes:
    """Send bytes as they are and return all that comes until the other side closes or waits."""
    with socket.create_connection(
        ("127.0.0.1", port), timeout=timeout, source_address=(address or an_address(), 0)
    ) as line:
        got = b""
        try:
            line.sendall(sent)
            while piece := line.recv(65536):
                got += piece
        except (TimeoutError, ConnectionError):
            pass
        return got
