"""What stands for a reporter's number: a mark that a month's key makes, and the number sealed.

The number itself is known to the process that takes a text, while it takes it, and to the worker
that sends one, while it sends it. It is never logged, rendered or kept in clear.
"""

from __future__ import annotations

import hmac
import json
import threading
import time
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from upstander.tips.envelopes import open_turn, seal_late
from upstander.vault.envelopes import bind, derive, seal, unseal

#: Seconds for which the seasons are kept: a new one begins once a month.
_KEPT = 60.0
_lock = threading.Lock()
_seasons: list[tuple[float, tuple[tuple[int, bytes], ...]]] = []


class Marks(NamedTuple):
    """A number's marks: under the newest season's key, and under each that still stands."""

    season: int
    newest: bytes
    all: tuple[bytes, ...]


def marks_of(number: str, *, fresh: bool = False) -> Marks:
    """Return a number's marks. Raises django.db.Error where the database is away.

    The key of each is the carriers' key file with the season's salt from the database: a dump says
    nothing without the file, and file and dump say nothing of a season that was destroyed.
    """
    found = _standing(fresh=fresh)
    made = tuple(
        hmac.digest(derive(settings.CARRIER_KEY, f"door {salt.hex()}"), number.encode(), "sha256")
        for _season, salt in found
    )
    return Marks(found[0][0], made[0], made)


def forget() -> None:
    """Read the seasons anew at the next number (in tests)."""
    with _lock:
        _seasons.clear()


def _standing(*, fresh: bool) -> tuple[tuple[int, bytes], ...]:
    with _lock:
        if _seasons and not fresh and time.monotonic() - _seasons[0][0] < _KEPT:
            return _seasons[0][1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.door_seasons()")
        found = tuple((row[0], bytes(row[1])) for row in cursor.fetchall())
    with _lock:
        _seasons[:] = [(time.monotonic(), found)]
    return found


def once_of(provider: str, ref: str, part: str = "") -> UUID:
    """Return an id that is equal for one thing of a provider's, however often it comes."""
    made = hmac.digest(
        derive(settings.CARRIER_KEY, "door once"), bind(provider, ref, part), "sha256"
    )
    return UUID(bytes=made[:16], version=4)


def token_of(provider: str, ref: str) -> str:
    """Return what stands in a form's token's place: the same text is the same tip."""
    return f"text-{once_of(provider, ref, 'token').hex}"


def seal_number(inbox: bytes, tip: UUID, thread: UUID, number: str) -> bytes:
    """Seal a number so that only staff who have opened its conversation can send to it."""
    return seal_late(inbox, purpose="number", tip=tip, row=thread, words=number)


def open_number(dialog: bytes, tip: UUID, thread: UUID, sealed: bytes | memoryview) -> str:
    """Return the number, to be sent to and nothing else.

    Raises SealBroken, also for one that somebody put in its place: no reply goes to a stranger.
    """
    return open_turn(dialog, purpose="number", tip=tip, row=thread, sealed=sealed, to_inbox=True)


def seal_order(order: UUID, number: str, words: str) -> bytes:
    """Seal a text for the worker, which has no key of any tip."""
    text = json.dumps({"to": number, "words": words})
    return seal(_order_key(), text.encode(), aad=bind("text order", order))


def open_order(order: UUID, sealed: bytes | memoryview) -> tuple[str, str]:
    """Return to whom a text goes, and its words. Raises SealBroken."""
    told = json.loads(unseal(_order_key(), bytes(sealed), aad=bind("text order", order)))
    return told["to"], told["words"]


def seal_address(picture: UUID, address: str) -> bytes:
    """Seal where a picture lies at its provider, for the worker."""
    return seal(_order_key(), address.encode(), aad=bind("picture", picture))


def open_address(picture: UUID, sealed: bytes | memoryview) -> str:
    """Return where a picture lies. Raises SealBroken."""
    return unseal(_order_key(), bytes(sealed), aad=bind("picture", picture)).decode()


def _order_key() -> bytes:
    return derive(settings.CARRIER_KEY, "door order")
