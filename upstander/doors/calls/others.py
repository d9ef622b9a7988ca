"""The other phones of a call, as their documents lead them: counselors, interpreters, 911, and who
is called back.

Nobody is connected without a key: where nobody presses 1 nobody's mailbox ever gets a caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from upstander.doors.call_models import Leg
from upstander.doors.calls import documents, words
from upstander.doors.calls.sealing import new_room, seal_sid

#: Seconds on hold after which a caller waits for whoever is free.
HOLD_ENDS: Final = 180
_BROUGHT_IN: Final = (Leg.Kind.INTERPRETER, Leg.Kind.PSAP)


@dataclass(frozen=True, slots=True)
class LegStands:
    """How a leg of ours stands, and its call."""

    leg: UUID
    kind: str
    state: str
    call: UUID
    call_state: str
    room: str
    line: str
    back: bool
    keyed: bool
    language: str
    #: Whether it is the counselor's who has the call.
    own: bool


@dataclass(frozen=True, slots=True)
class BackStands:
    """How a call back stands."""

    call: UUID
    tip: UUID
    district: int
    state: str
    language: str
    line: str
    room: str
    #: Seconds on hold; 0 for who is not.
    held_for: float


def leg_asks(leg: UUID, provider: str, sid: str, *, answered: bool = True) -> LegStands | None:
    """Return how a leg stands; None for one that we never had rung there."""
    row = _row(
        "door_leg",
        p_leg=leg,
        p_provider=provider,
        p_sid=seal_sid(leg, sid),
        p_answered=answered,
    )
    return LegStands(leg, *row) if row else None


def lead(found: LegStands, provider: str, pressed: str, here: str) -> bytes:
    """Return the document that leads a leg on."""
    if found.state == Leg.State.OVER:
        return documents.nothing()
    if found.call_state == "over":
        never = found.back and not found.keyed
        return documents.goodbye("en", words.NOT_REACHED if never else words.GONE)
    if found.kind in _BROUGHT_IN:
        return _brought_in(found, provider, here)
    if found.own:
        return _counselor_in(found, here, found.room)
    return _ear(found, provider, pressed, here)


def _ear(found: LegStands, provider: str, pressed: str, here: str) -> bytes:
    if found.state == Leg.State.JOINED:
        waits = found.call_state == "waiting"
        return documents.goodbye("en", words.OFF_HOLD if waits else words.MOVED)
    if pressed != "1":
        # Who was called back, and was left, waits like everybody.
        rings = found.back and found.call_state == "calling"
        return documents.press_one(here, words.EAR_BACK if rings else words.EAR)
    room = new_room()
    row = _row("door_take", p_leg=found.leg, p_provider=provider, p_room=room)
    if row == ("taken",):
        return _counselor_in(found, here, room)
    return documents.goodbye("en", words.GONE if row == ("over",) else words.LATE)


def _counselor_in(found: LegStands, here: str, room: str) -> bytes:
    first = documents.said_in("en", words.RINGING_THEM) if found.call_state == "calling" else []
    return documents.room(f"{here}?out=1", room, counselor=True, first=first)


def _brought_in(found: LegStands, provider: str, here: str) -> bytes:
    """Let somebody who was asked in come in; they go when the counselor does."""
    if not found.room:
        return documents.nothing()
    row = _row("door_leg_joins", p_leg=found.leg, p_provider=provider)
    if row != (True,):
        return documents.nothing()
    return documents.room(
        f"{here}?out=1",
        found.room,
        counselor=False,
        first=documents.said_in("en", words.INTERPRETER),
    )


def leg_over(leg: UUID, provider: str, how: str) -> bool:
    """Note that a leg has ended, and how; False for one that we never had rung there."""
    return _row("door_leg_over", p_leg=leg, p_provider=provider, p_how=how) == (True,)


def own_phone_takes(call: UUID, provider: str) -> bool:
    """Note that somebody at the center's own phone has pressed 1; False: too late."""
    return _row("door_own", p_call=call, p_provider=provider, p_came=True) == (True,)


def back_asks(call: UUID, provider: str, sid: str, *, pressed: bool) -> BackStands | None:
    """Return how a call back stands; None for one that we never made there."""
    row = _row(
        "door_back",
        p_call=call,
        p_provider=provider,
        p_sid=seal_sid(call, sid),
        p_pressed=pressed,
    )
    return BackStands(*row) if row else None


def lead_back(
    found: BackStands, here: str, *, step: str = "", pressed: str = "", out: bool = False
) -> bytes:
    """Return the document that leads who is called back: a neutral hello, once, before any key.

    From then on they are kept company as every caller is, and nobody who was cut off is left so.
    """
    language = found.language
    again = step == found.state and (pressed == "1" or found.held_for >= HOLD_ENDS)
    if found.state == "over" or (found.state == step == "after" and not again):
        return documents.goodbye(language, words.BYE) if out or step else documents.nothing()
    if again and found.state in ("held", "after"):
        _row("door_call_again", p_call=found.call)
        return documents.wait(f"{here}?s=loop", language, (words.OFFERED,))
    if found.state == "talking":
        if out:
            _row("door_call_out", p_call=found.call)
        return documents.caller_in(f"{here}?out=1", found.room, language, again=out)
    return {
        "held": lambda: documents.held(f"{here}?s=held", language),
        "after": lambda: documents.wait(f"{here}?s=after", language, (words.AGAIN,), timeout=10),
        "waiting": lambda: documents.wait(f"{here}?s=loop", language, (words.WAIT,)),
    }.get(found.state, lambda: documents.hello(here, language))()


def back_over(call: UUID, provider: str, sid: str, *, over: bool) -> bool:
    """Note what became of a call back; False for one that we never made there."""
    known = back_asks(call, provider, sid, pressed=False) is not None
    if known and over:
        _row("door_call_over", p_call=call)
    return known


def _row(function: str, **values: str | bytes | bool | UUID) -> tuple[Any, ...] | None:
    named = ", ".join(f"{name} => %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM api.{function}({named})",  # noqa: S608 - names of this module
            list(values.values()),
        )
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
