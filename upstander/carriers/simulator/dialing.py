"""Dial: phones rung by a document, of which the first to pick up is connected with the caller."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from upstander.carriers.simulator import twiml
from upstander.carriers.simulator.things import Call

if TYPE_CHECKING:
    from upstander.carriers.simulator.legs import Leg

#: Real seconds of a ringing that its own time ends.
_ENDLESS = 1_000_000.0


def connect(leg: Leg, verb: twiml.Dial, targets: tuple[twiml.Target, ...]) -> dict[str, str]:
    """Ring them all, connect the first, and return what Dial's action is told.

    Raises twiml.WrongTwiml where the caller's number would not be the account's (13214), and what
    ends a leg.
    """
    call, world = leg.call, leg.world
    # Unset, the phone that is dialed is shown the caller's own number.
    sender = verb.caller_id or call.sender
    if verb.caller_id and not call.account.owns(verb.caller_id):
        raise twiml.WrongTwiml("callerId is no number of the account (13214)")
    made = [_child(call, sender, verb.seconds, target) for target in targets]
    for child in made:
        world.keep(child)
        type(leg)(world, child).start()
    taken: Call | None = None
    try:
        leg.wait(_ENDLESS, lambda: any(one.ready for one in made) or all(one.over for one in made))
        taken = next((one for one in made if one.ready), None)
        if taken is not None:
            with world.lock:
                taken.bridged, call.bridged = call, taken
                _end(other for other in made if other is not taken)
                world.changed()
            leg.wait(verb.limit * world.pace, lambda: taken.over or not taken.ready)
    finally:
        with world.lock:
            call.bridged = None
            if taken is not None:
                taken.bridged = None
            # One that an order sent elsewhere lives on.
            _end(one for one in made if one.parent is call)
            world.changed()
    last = taken or made[-1]
    world.wait(lambda: last.over or last.parent is None, 2)
    return {
        "DialCallStatus": "completed" if taken else last.status,
        "DialCallSid": last.sid,
        "DialCallDuration": str(last.duration),
        "DialBridged": "true" if taken else "false",
    }


def _end(calls: Iterable[Call]) -> None:
    for call in calls:
        if not call.over and not call.hung_up:
            call.hung_up = "order"


def _child(call: Call, sender: str, seconds: float, target: twiml.Target) -> Call:
    return Call(
        call.account,
        sender,
        target.to,
        target.url,
        behaviour=call.behaviour,
        direction="outbound-dial",
        parent=call,
        callback=target.callback,
        events=target.events,
        ring_for=seconds,
        send_digits=target.send_digits,
        timed=call.timed,
    )
