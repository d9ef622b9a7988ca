"""Who sends how much, known for a day at most and to this process's memory only.

Nobody is turned away for the address they come from: a whole school stands behind one. What comes
too fast from one place goes to a slow lane, where it waits its turn, and its tips are marked so
that a counselor can put equal ones together.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
import socket
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Posts that one place may send at once before it is slow; a school hall after an assembly.
BURST = 120
#: … and per second from then on.
PER_SECOND = 1.0
#: Places remembered at once. Above it the longest silent one is forgotten.
MOST_SOURCES = 20_000
DAY = 86_400

#: An IPv6 network given to one household or one school is at least this big.
_IPV6_PREFIX = 64
#: How a socket of both families names an IPv4 address (RFC 4291, 2.5.5.2).
_IPV4_MAPPED = bytes(10) + b"\xff\xff"


class Flood:
    """Counts posts by place. A place is a salted hash; the salt is drawn anew every day."""

    def __init__(
        self,
        *,
        trusted: Iterable[Network] = (),
        clock: Callable[[], float] = time.monotonic,
        burst: int = BURST,
        per_second: float = PER_SECOND,
    ) -> None:
        self._trusted = tuple(trusted)
        self._clock = clock
        self._burst, self._per_second = float(burst), per_second
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._renew(clock())

    @classmethod
    def from_env(cls) -> Flood:
        """Read UPSTANDER_TRUSTED_PROXIES: networks, with commas, whose X-Forwarded-For is believed.

        Raises ValueError for what is no network.
        """
        named = os.environ.get("UPSTANDER_TRUSTED_PROXIES", "")
        return cls(
            trusted=[ipaddress.ip_network(part.strip()) for part in named.split(",") if part]
        )

    def _renew(self, now: float) -> None:
        self._salt, self._likeness_key = secrets.token_bytes(32), secrets.token_bytes(32)
        self._born = now
        self._buckets.clear()

    def source(self, peer: str, forwarded: str) -> bytes:
        """Return who sends, as 16 bytes that mean nothing tomorrow or in another process.

        ``forwarded`` is X-Forwarded-For. It is read from its end and only as far as the hops are
        proxies that we trust: what stands further left was written by whoever wanted to.
        """
        if self._clock() - self._born > DAY:
            self._renew(self._clock())
        address = peer
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not self._is_trusted(address):
                break
            address = hop
        return hashlib.blake2b(_place(address), key=self._salt, digest_size=16).digest()

    def _is_trusted(self, address: str) -> bool:
        if not self._trusted:
            return False
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)

    def is_slow(self, source: bytes) -> bool:
        """Count one post of ``source``; tell whether it came faster than one place should send."""
        now = self._clock()
        left, seen = self._buckets.pop(source, (self._burst, now))
        left = min(self._burst, left + (now - seen) * self._per_second)
        slow = left < 1
        self._buckets[source] = (left if slow else left - 1, now)
        if len(self._buckets) > MOST_SOURCES:
            self._buckets.popitem(last=False)
        return slow

    def likeness(self, text: str) -> bytes:
        """Return 8 bytes that are equal for texts alike, and mean nothing tomorrow.

        Case, marks, digits, spaces and repeated letters don't count: junk is varied in these.
        """
        letters = unicodedata.normalize("NFKD", text).casefold()
        plain: list[str] = []
        for letter in letters:
            if letter.isalpha() and (not plain or plain[-1] != letter):
                plain.append(letter)
        return hmac.digest(self._likeness_key, "".join(plain).encode("utf-8", "replace"), "sha256")[
            :8
        ]


def _place(address: str) -> bytes:
    """Return the bytes by which a place is told from another: of IPv6 its network only."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            packed = socket.inet_pton(family, address)
        except (OSError, ValueError):
            continue
        if packed.startswith(_IPV4_MAPPED) and len(packed) == 16:
            return packed[12:]
        return packed if family == socket.AF_INET else packed[: _IPV6_PREFIX // 8]
    return address.encode("utf-8", "replace")
