"""Reads a feed from another's server: only by https, only outside of our own network, with bounds.

Whoever can name an address must not be able to let us ask what only we can reach. So the name is
resolved once, each address that it has must be a public one, and the connection goes to that very
address: a name that answers otherwise a moment later leads nowhere else.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv6Address, ip_address, ip_network
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Final
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.directory.spool import MOST_BYTES

#: Seconds for all of it, and for each step of it.
MOST_SECONDS: Final = 120.0
_STEP_SECONDS: Final = 15.0
_CHUNK: Final = 1 << 16
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
#: Addresses in which another address is wrapped, which may be ours.
_WRAPPING: Final = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)


class NotAllowed(Refused):
    """An address from which no feed may be read; tomorrow neither."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a feed said, in a file without a name, and what its server calls this answer."""

    file: IO[bytes]
    etag: str


def is_public(address: str) -> bool:
    """Whether an address is one of the internet at large: not private, loopback, link-local …"""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in _WRAPPING) or found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def host_of(url: str) -> str:
    """Return the host of a feed's address.

    Raises NotAllowed for what is no plain https address, or is written as a private network's.
    """
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        plain, host = False, ""
    with suppress(ValueError):
        ip_address(host.partition("%")[0])
        if not is_public(host):
            raise _private()
    if not plain or not host or any(sign <= " " for sign in url):
        words = gettext("The address must begin with https:// and have no name, password or port.")
        raise NotAllowed(words)
    return host


def _private() -> NotAllowed:
    return NotAllowed(gettext("The address leads into a private network."))


def fetch(url: str, *, etag: str = "", most_bytes: int = MOST_BYTES) -> Fetched | None:
    """Read a feed; None: it says what it said when it was called ``etag``.

    Follows one redirect, which is looked at as the first address was. Raises Refused.
    """
    ends = time.monotonic() + MOST_SECONDS
    for again in (True, False):
        connection = _Pinned(host_of(url), ends)
        # A server that sends a letter now and then would be inside each step's time for ever.
        timer = Timer(MOST_SECONDS, connection.cut)
        timer.daemon = True
        timer.start()
        try:
            answer = _asked(connection, url, etag)
            if answer.status in _MOVED and again:
                url = urljoin(url, answer.headers.get("Location", ""))
                continue
            if answer.status == 304 and etag:
                return None
            if answer.status != 200:
                raise Refused(gettext("Its server answers %(n)s.") % {"n": answer.status})
            return Fetched(_read(answer, ends, most_bytes), answer.headers.get("ETag", "")[:200])
        except (OSError, HTTPException, ValueError) as error:
            late = time.monotonic() >= ends
            words = (
                gettext("It took too long.") if late else gettext("Its server can't be reached.")
            )
            raise Refused(words) from error
        finally:
            timer.cancel()
            connection.close()
    raise Refused(gettext("It leads on more than once."))


def _asked(connection: HTTPSConnection, url: str, etag: str) -> HTTPResponse:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Accept": "application/json, application/zip, text/csv",
        "Accept-Encoding": "identity",
    }
    if etag:
        headers["If-None-Match"] = etag
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def _read(answer: HTTPResponse, ends: float, most_bytes: int) -> IO[bytes]:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused(gettext("Its server sends it compressed in a way that wasn't asked for."))
    file, size = TemporaryFile(), 0  # noqa: SIM115 - whoever gets it closes it
    try:
        while piece := answer.read1(_CHUNK):
            size += len(piece)
            if size > most_bytes:
                size_words = {"size": most_bytes // 1_000_000}
                raise Refused(gettext("It is larger than %(size)s MB.") % size_words)
            if time.monotonic() > ends:
                raise TimeoutError
            file.write(piece)
        if answer.length:
            raise ConnectionError("cut off")
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


class _Pinned(HTTPSConnection):
    """A connection to the public address that a name had when it was looked at."""

    def __init__(self, host: str, ends: float) -> None:
        self._context_of_ours = ssl.create_default_context()
        super().__init__(host, timeout=_STEP_SECONDS, context=self._context_of_ours)
        self._ends = ends

    def connect(self) -> None:
        """Connect. Raises Refused, OSError."""
        found = socket.getaddrinfo(self.host, 443, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not addresses or not all(map(is_public, addresses)):
            raise _private()
        plain = socket.create_connection((addresses[0], 443), timeout=_STEP_SECONDS)
        if not is_public(str(plain.getpeername()[0])):
            plain.close()
            raise _private()
        self.sock = self._context_of_ours.wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End it, whatever it waits for."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
