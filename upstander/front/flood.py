"""Who sends how much, known for a day at most and to this process's memory only.

Nobody is turned away for the address they come from: a whole school stands behind one. What comes
too fast from one place goes to a slow lane, where it waits its turn, and its tips are marked so
that a counselor can put equal ones together. What comes in the same words again and again is marked
too, from wherever it comes: a flood has many addresses.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Posts that one place may send at once before it is slow; a school hall after an assembly.
BURST = 120
#: … and per second from then on.
PER_SECOND = 1.0
#: Askings for somebody to come that one place may send at once before they are a crowd's, and again
#: in an hour. None is slower for it, or kept any less.
FEW, HOUR = 5, 3_600
#: Places remembered at once. Above it the longest silent one is forgotten.
MOST_SOURCES = 20_000
#: So many texts are remembered at once.
MOST_TEXTS = 20_000
DAY = 86_400

#: An IPv6 network given to one household or one school is at least this big.
_IPV6_PREFIX = 64
#: How a socket of both families names an IPv4 address (RFC 4291, 2.5.5.2).
_IPV4_MAPPED = bytes(10) + b"\xff\xff"


class Flood:
    """Counts posts by place. A place is a salted hash; the salt is drawn anew every day.

    New tips have an allowance of their own: what a school writes in conversations that it has
    already takes nothing from the next child's.
    """

    def __init__(
        self,
        *,
        trusted: Iterable[Network] = (),
        clock: Callable[[], float] = time.monotonic,
        burst: int = BURST,
        per_second: float = PER_SECOND,
    ) -> None:
        """``trusted``: the networks of proxies whose X-Forwarded-For is believed."""
        self._trusted = tuple(trusted)
        self._clock = clock
        self._burst, self._per_second = float(burst), per_second
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._texts: OrderedDict[bytes, int] = OrderedDict()
        # What is counted as it is taken in, is by several threads.
        self._lock = Lock()
        self._renew(clock())

    def _renew(self, now: float) -> None:
        self._salt, self._similarity_key = secrets.token_bytes(32), secrets.token_bytes(32)
        self._born = now
        self._buckets.clear()
        self._texts.clear()

    def source(self, peer: str, forwarded: str) -> bytes:
        """Return who sends, as 16 bytes that mean nothing tomorrow or in another process.

        ``forwarded`` is X-Forwarded-For. It is read from its end and only as far as the hops are
        proxies that we trust: what stands further left was written by whoever wanted to.
        """
        if self._clock() - self._born > DAY:
            self._renew(self._clock())
        address = peer
        for hop in reversed(forwarded.split(",")):
            if not hop.strip():
                continue
            if not self._is_trusted(address):
                break
            address = _bare(hop.strip())
        return hashlib.blake2b(_place(address), key=self._salt, digest_size=16).digest()

    def is_named(self, peer: str, forwarded: str) -> bool:
        """Tell whether a proxy that we trust says from where a request came."""
        return bool(forwarded.strip(" ,")) and self._is_trusted(peer)

    def _is_trusted(self, address: str) -> bool:
        if not self._trusted:
            return False
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self._trusted)

    def is_slow(self, source: bytes, *, tip: bool = True) -> bool:
        """Count one post of ``source``; tell whether it came faster than one place should send.

        ``tip``: it is a new tip, not a message, an answer or a file of an earlier one.
        """
        return self._beyond(source + (b"t" if tip else b"m"), self._burst, self._per_second)

    def is_crowd(self, source: bytes) -> bool:
        """Count an asking of ``source``; tell whether a few had come from there in this hour."""
        return self._beyond(source + b"c", FEW, FEW / HOUR)

    def _beyond(self, bucket: bytes, burst: float, per_second: float) -> bool:
        now = self._clock()
        with self._lock:
            left, seen = self._buckets.pop(bucket, (burst, now))
            left = min(burst, left + (now - seen) * per_second)
            beyond = left < 1
            self._buckets[bucket] = (left if beyond else left - 1, now)
            if len(self._buckets) > MOST_SOURCES:
                self._buckets.popitem(last=False)
        return beyond

    def similarity(self, text: str) -> bytes:
        """Return 8 bytes that are equal for texts alike, and mean nothing tomorrow.

        Case, marks, digits, spaces and repeated letters don't count: junk is varied in these.
        """
        return self._mark(b"alike", _letters(text, digits=False))

    def same_words(self, text: str, exact: str) -> tuple[bytes, int]:
        """Count a tip; return 8 bytes that are equal where ``exact`` is, and how many came before.

        Those before are of a text that is much the same: digits count, as they tell one room, and
        one hour, from another, and what junk is varied in does not.
        """
        said = self._mark(b"same", _letters(text, digits=True))
        with self._lock:
            before = self._texts.pop(said, 0)
            self._texts[said] = before + 1
            if len(self._texts) > MOST_TEXTS:
                self._texts.popitem(last=False)
        return self._mark(b"exact", exact), before

    def _mark(self, purpose: bytes, words: str) -> bytes:
        said = purpose + words.encode("utf-8", "replace")
        return hmac.digest(self._similarity_key, said, "sha256")[:8]


def _letters(text: str, *, digits: bool) -> str:
    """Return a text without what junk is varied in."""
    plain: list[str] = []
    for letter in unicodedata.normalize("NFKD", text).casefold():
        if (letter.isalpha() and (not plain or plain[-1] != letter)) or (
            digits and letter.isdigit()
        ):
            plain.append(letter)
    return "".join(plain)


def _bare(hop: str) -> str:
    """Return an address without the port that some proxies add: it is another each time."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    address, colon, _port = hop.partition(":")
    return address if colon and hop.count(":") == 1 else hop


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
