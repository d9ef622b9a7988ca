"""Calls: ordered by a customer or made by a phone, and what hands and orders do to them.

Source of states: Twilio, "Call resource", "Voice webhooks" and "Answering machine detection".
"""

from __future__ import annotations

from upstander.carriers.simulator.legs import Leg
from upstander.carriers.simulator.things import Account, Call, Spoken
from upstander.carriers.simulator.world import World


def order(world: World, call: Call) -> None:
    """Take an order for a call; it is made on a thread of its own."""
    world.keep(call)
    if not call.behaviour.stuck:
        Leg(world, call).start()


def dial(world: World, number: str, account: Account, line: str, *, timed: bool = True) -> Call:
    """Let a phone call a line. ``timed``: whether a question's time passes by itself."""
    setup = account.voice[line]
    call = Call(
        account,
        number,
        line,
        setup.url,
        behaviour=account.behaviour.drawn(world.dice),
        direction="inbound",
        fallback=setup.fallback,
        callback=setup.status,
        timed=timed,
        status="ringing",
    )
    world.keep(call)
    world.show(world.phone(number), call)
    Leg(world, call).start()
    return call


def answer(world: World, call: Call) -> None:
    """Pick up. Nothing happens to a call that does not ring."""
    with world.lock:
        if call.status == "ringing" and not call.inbound:
            call.picked_up = True
            world.changed()


def press(world: World, call: Call, keys: str) -> None:
    """Press keys in a call. Those pressed before a question wait for it; those pressed to
    somebody else are heard by them, and by no document."""
    with world.lock:
        if call.status == "in-progress":
            call.lines.append(Spoken("phone", f"pressed {keys}"))
            if call.part is None and call.bridged is None:
                call.pressed += keys
            for other in _hearing(call):
                other.lines.append(Spoken("note", "somebody presses keys"))
            world.changed()


def pass_time(world: World, call: Call) -> None:
    """Let the time of one question be over, in a call that does not do so by itself."""
    with world.lock:
        call.silences += 1
        world.changed()


def say(world: World, call: Call, words: str) -> None:
    """Say something in a call: whoever else is in it hears it, and no machine does."""
    with world.lock:
        if call.status == "in-progress":
            call.lines.append(Spoken("me", words))
            for other in _hearing(call):
                other.lines.append(Spoken("other", words))
            world.changed()


def _hearing(call: Call) -> list[Call]:
    """Return the calls that hear what is said in this one."""
    if call.bridged is not None:
        return [call.bridged]
    mine = call.part
    if mine is None or mine.muted or mine.hold or mine.room.status != "in-progress":
        return []
    return [part.call for part in mine.room.parts.values() if part is not mine and not part.hold]


def hang_up(world: World, call: Call) -> None:
    """Decline a call that rings, or end one that was answered."""
    with world.lock:
        if not call.over and not call.hung_up:
            call.hung_up = "phone"
            world.changed()


def end_by_order(world: World, call: Call) -> None:
    """End a call because the customer said so."""
    with world.lock:
        if call.over:
            return
        call.hung_up = call.hung_up or "order"
        if call.behaviour.stuck:
            call.status = "canceled"
        world.changed()
    # An order to end is answered when it is done, as the real ones do within moments.
    world.wait(lambda: call.over, 2)
