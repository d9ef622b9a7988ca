"""What a call is known by, and what is kept of it: keyed marks and sealed envelopes.

The provider's id of a call opens what the public process keeps between two keys that the caller
presses: it comes with each of the provider's questions, and lies here for the worker alone.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from upstander.doors.texts.numbers import Marks, marks_of, once_of
from upstander.tips.envelopes import open_turn, seal_late
from upstander.vault.envelopes import bind, derive, seal, unseal


@dataclass(frozen=True, slots=True)
class Kept:
    """What a call's documents need of its tip: a session of the conversation, the spoken code."""

    session: str
    code: str


def marks_of_call(provider: str, sid: str, *, fresh: bool = False) -> Marks:
    """Return a call's marks under each season that stands. Raises django.db.Error."""
    return marks_of(f"call {provider} {sid}", fresh=fresh)


def past_of_call(provider: str, sid: str) -> bytes:
    """Return by what a call is known after its month's key is gone.

    Its id is as random as a key and names no phone: whoever has all keys learns by this only of
    calls whose ids they have anyway. No signature of a pick-up says when it was made.
    """
    return once_of(provider, sid, "past call").bytes


def token_of_call(provider: str, sid: str) -> str:
    """Return what stands in a form's token's place: the same call is the same tip."""
    return f"call-{once_of(provider, sid, 'call').hex}"


def seal_kept(sid: str, call: UUID, kept: Kept) -> bytes:
    """Seal what a call's documents need, under a key from the provider's id of the call."""
    said = json.dumps({"session": kept.session, "code": kept.code})
    return seal(_call_key(sid), said.encode(), aad=bind("call", call))


def open_kept(sid: str, call: UUID, sealed: bytes | memoryview) -> Kept:
    """Return what was kept. Raises SealBroken for another call's id."""
    return Kept(**json.loads(unseal(_call_key(sid), bytes(sealed), aad=bind("call", call))))


def seal_sid(leg: UUID, sid: str) -> bytes:
    """Seal what the provider calls a leg, for the worker."""
    return seal(_worker_key(), sid.encode(), aad=bind("leg", leg))


def open_sid(leg: UUID, sealed: bytes | memoryview) -> str:
    """Return what the provider calls a leg. Raises SealBroken."""
    return unseal(_worker_key(), bytes(sealed), aad=bind("leg", leg)).decode()


def seal_wish(inbox: bytes, tip: UUID, wish: UUID, number: str) -> bytes:
    """Seal the number of who wishes to be called back to the conversation's inbox."""
    return seal_late(inbox, purpose="call back", tip=tip, row=wish, words=number)


def open_wish(dialog: bytes, tip: UUID, wish: UUID, sealed: bytes | memoryview) -> str:
    """Return the number, to be rung and nothing else. Raises SealBroken."""
    return open_turn(dialog, purpose="call back", tip=tip, row=wish, sealed=sealed, to_inbox=True)


def seal_number(call: UUID, number: str) -> bytes:
    """Seal a number that is to be rung, for the worker, which has no key of any tip."""
    return seal(_worker_key(), number.encode(), aad=bind("call back", call))


def open_number(call: UUID, sealed: bytes | memoryview) -> str:
    """Return the number that is to be rung. Raises SealBroken."""
    return unseal(_worker_key(), bytes(sealed), aad=bind("call back", call)).decode()


def new_room() -> str:
    """Return a room's name: random, and nobody's."""
    return secrets.token_hex(16)


def _call_key(sid: str) -> bytes:
    return derive(
        hmac.digest(derive(settings.CARRIER_KEY, "door call"), sid.encode(), "sha256"), "kept"
    )


def _worker_key() -> bytes:
    return derive(settings.CARRIER_KEY, "door leg")
