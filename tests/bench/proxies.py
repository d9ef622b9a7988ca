"""Requests that proxy and server might read differently, through the proxies' files that we ship.

Whoever gets a second request past the proxy unseen chooses where it comes from, and so sends as
many as they like unmarked; or gets somebody else's answer. Each case is sent on a connection of its
own from a place of its own; what the server sees must come from that place, as its last hop says,
and whoever asks next over the same proxy must get their own answer.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.product import SOURCE, BenchFailed
from upstander.front.flood import Flood

#: Whose requests these are; the proxy is 127.0.0.1.
CLIENT = "127.0.0.77"
_FORGED = "203.0.113.9"
_SECOND = f"GET /second HTTP/1.1\r\nHost: tell.example.org\r\nX-Forwarded-For: {_FORGED}\r\n\r\n"
_CHUNK = f"{len(_SECOND):x}\r\n{_SECOND}\r\n0\r\n\r\n"


def _post(headers: str, body: str) -> bytes:
    return f"POST /first HTTP/1.1\r\nHost: tell.example.org\r\n{headers}\r\n\r\n{body}".encode(
        "latin-1"
    )


def _both(encoding: str, length: int = 5) -> bytes:
    return _post(f"Content-Length: {length}\r\n{encoding}", f"0\r\n\r\n{_SECOND}")


#: What is known to be read in two ways (RFC 9112, 6.3 and 11.2).
SMUGGLED: dict[str, bytes] = {
    "length and chunks": _both("Transfer-Encoding: chunked"),
    "length of all, and chunks": _both("Transfer-Encoding: chunked", 5 + len(_SECOND)),
    "chunks, then a length of three": _post(
        "Transfer-Encoding: chunked\r\nContent-Length: 3", _CHUNK
    ),
    "a space before the colon": _both("Transfer-Encoding : chunked"),
    "a tab after the colon": _both("Transfer-Encoding:\tchunked"),
    "a vertical tab": _both("Transfer-Encoding: \x0bchunked"),
    "chunked twice": _both("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
    "chunked, and what nobody knows": _both("Transfer-Encoding: chunked, cow"),
    "what nobody knows, and chunked": _both("Transfer-Encoding: cow, chunked"),
    "quoted": _both('Transfer-Encoding: "chunked"'),
    "folded over two lines": _both("Transfer-Encoding:\r\n chunked"),
    "a header that ends by LF": _both("X: y\nTransfer-Encoding: chunked"),
    "a header that ends by CR": _both("X: y\rTransfer-Encoding: chunked"),
    "a NUL in the name": _both("Transfer-Encoding\0: chunked"),
    "two lengths": _post("Content-Length: 0\r\nContent-Length: 5", f"xxxxx{_SECOND}"),
    "two lengths in one": _post("Content-Length: 5, 0", f"xxxxx{_SECOND}"),
    "a length with a plus": _post("Content-Length: +0", _SECOND),
    "a length in hex": _post("Content-Length: 0x0", _SECOND),
    "a length below zero": _post("Content-Length: -1", _SECOND),
    "a length of twenty digits": _post("Content-Length: 18446744073709551616", _SECOND),
    "a space in the length": _post("Content-Length: 0 5", f"xxxxx{_SECOND}"),
    "a chunk's size of forty digits": _post(
        "Transfer-Encoding: chunked", f"{'0' * 39}5\r\nxxxxx\r\n0\r\n\r\n{_SECOND}"
    ),
    "a chunk's size that overflows": _post(
        "Transfer-Encoding: chunked", f"10000000000000005\r\nxxxxx\r\n0\r\n\r\n{_SECOND}"
    ),
    "a chunk's extension with a line end": _post(
        "Transfer-Encoding: chunked", f"5;a\nxxxxx\r\n0\r\n\r\n{_SECOND}"
    ),
    "a chunk that ends by LF": _post("Transfer-Encoding: chunked", f"5\nxxxxx\n0\n\n{_SECOND}"),
    "a chunk that is longer than it says": _post(
        "Transfer-Encoding: chunked", f"2\r\nxxxxx\r\n0\r\n\r\n{_SECOND}"
    ),
    "a trailer that says from where": _post(
        "Transfer-Encoding: chunked", f"0\r\nX-Forwarded-For: {_FORGED}\r\n\r\n{_SECOND}"
    ),
    "a body for a GET": (
        f"GET /first HTTP/1.1\r\nHost: tell.example.org\r\nContent-Length: {len(_SECOND)}\r\n\r\n"
        f"{_SECOND}"
    ).encode(),
    "HTTP/1.0 with chunks": _both("Transfer-Encoding: chunked").replace(b"1.1", b"1.0", 1),
    "HTTP/0.9": f"GET /first\r\n{_SECOND}".encode(),
    "a switch to HTTP/2": _post(
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
        "Content-Length: 0",
        _SECOND,
    ),
    "what stays between the two": _post(
        "Connection: X-Forwarded-For, close\r\nContent-Length: 0", ""
    ),
    "an address with all of it": (
        f"GET http://other.example/first HTTP/1.1\r\nHost: tell.example.org\r\n\r\n{_SECOND}"
    ).encode(),
}
#: Chains that a browser makes up; the proxy adds or says whom it brings.
CHAINS = (
    _FORGED,
    f"{_FORGED}, 127.0.0.1",
    "127.0.0.1",
    f"127.0.0.1, {_FORGED}, 127.0.0.1",
    ", , ,",
    f"{_FORGED}\r\nX-Forwarded-For: 127.0.0.1",
    f"{_FORGED}\r\nX-Forwarded-For:",
    "[::1]:99, ::ffff:127.0.0.1",
    f"for={_FORGED}",
    "a" * 4_000,
    ",".join(["127.0.0.1"] * 500),
    f"{_FORGED}\x0b",
    f"{_FORGED}\r\nX-Real-IP: {_FORGED}\r\nForwarded: for={_FORGED}\r\nX_Forwarded_For: {_FORGED}",
)


@dataclass
class Tried:
    """What one proxy let through."""

    proxy: str
    sent: int = 0
    seen: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


def measure_proxies() -> list[Tried]:
    """Send all of it through nginx and Caddy. Raises BenchFailed where one is not installed."""
    missing = [name for name in ("nginx", "caddy") if shutil.which(name) is None]
    if missing:
        raise BenchFailed(f"not installed: {', '.join(missing)} (Debian has both)")
    with tempfile.TemporaryDirectory() as folder:
        return [_try(name, Path(folder)) for name in ("nginx", "caddy")]


def _try(proxy: str, folder: Path) -> Tried:
    front, back = _ports()
    found = Tried(proxy)
    place = Flood(trusted=[ipaddress.ip_network("127.0.0.1/32")])
    honest = place.source(CLIENT, "")
    cases = dict(SMUGGLED)
    for chain in CHAINS:
        cases[f"says it comes from {chain[:30]!r}"] = (
            f"GET /first HTTP/1.1\r\nHost: tell.example.org\r\nX-Forwarded-For: {chain}\r\n"
            "Connection: close\r\n\r\n"
        ).encode("latin-1")
    seen = folder / f"{proxy}.seen"
    with (
        _running([sys.executable, "-m", "tests.bench.echo", str(back)], seen),
        _running(_command(proxy, folder, front, back), folder / f"{proxy}.said"),
    ):
        for port in (back, front):
            _wait_for(port)
        for name, raw in cases.items():
            before = len(seen.read_text().splitlines())
            found.sent += 1
            found.refused += b" 200 " not in _send(front, raw)[:20]
            answer = _send(front, _ASK.encode(), until=b"}")
            came = seen.read_text().splitlines()[before:]
            found.seen += len(came)
            for line in map(json.loads, came):
                chain = ", ".join(line["from"])
                if line["line"] != "GET /own" and place.source("127.0.0.1", chain) != honest:
                    found.wrong.append(f"{name}: {line['line']} as if from {chain or 'nowhere'}")
            if b'"GET /own"' not in answer:
                found.wrong.append(f"{name}: who came next got {answer[-120:]!r}")
    return found


_ASK = "GET /own HTTP/1.1\r\nHost: tell.example.org\r\nConnection: close\r\n\r\n"


def _ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _send(port: int, raw: bytes, until: bytes = b"") -> bytes:
    """Send bytes from the client's place; return what comes back within a second."""
    got = b""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(
            ("127.0.0.1", port), timeout=1, source_address=(CLIENT, 0)
        ) as line,
    ):
        line.sendall(raw)
        while part := line.recv(65_536):
            got += part
            if until and until in got:
                break
    return got


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise BenchFailed(f"nothing listens on {port}")


@contextlib.contextmanager
def _running(command: list[str], said: Path) -> Iterator[None]:
    with (
        said.open("w") as out,
        subprocess.Popen(
            command, cwd=SOURCE, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        ) as process,
    ):
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _command(proxy: str, folder: Path, front: int, back: int) -> list[str]:
    """Write our example for this machine, without certificates; return how the proxy is run."""
    shipped = SOURCE / "docs" / "how-to" / "proxies"
    if proxy == "nginx":
        text = (shipped / "nginx.conf").read_text()
        text = re.sub(r"\n *ssl_certificate.*", "", text).replace("443 ssl", f"127.0.0.1:{front}")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{back}")
        (folder / "sites.conf").write_text(text)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\n"
            f"http {{ {temporary} include {folder}/sites.conf; }}\n"
        )
        return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    text = (shipped / "Caddyfile").read_text()
    text = text.replace("{\n\tservers", "{\n\tadmin off\n\tservers", 1)
    for name in ("tell", "desk"):
        text = text.replace(f"\n{name}.example.org {{", f"\nhttp://{name}.example.org:{front} {{")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{back}")
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
