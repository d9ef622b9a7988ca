"""Rooms: conferences that calls enter and leave, in which all hear each other.

Source: Twilio, "TwiML Voice: Conference", "Conference resource" and "Conference Participant
resource". A room begins once two are in it and one of them may begin it.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime
from typing import TYPE_CHECKING

from upstander.carriers.simulator import twiml
from upstander.carriers.simulator.things import Account, Call, Participant, Room, Spoken, now
from upstander.carriers.simulator.world import World

if TYPE_CHECKING:
    from upstander.carriers.simulator.legs import Leg

_ENDLESS = 1_000_000.0
MUSIC = "♪ the provider’s music"
FULL = "the room is full"
#: A pause between two times that a waiting caller hears the same, at the simulator's pace.
_BREATH = 1.0
#: By which word of statusCallbackEvent each is asked for.
_WORDS = {"unmute": "mute", "unhold": "hold"}


def find(world: World, account: Account, name: str) -> Room | None:
    """Return the account's living room of that name or id."""
    with world.lock:
        return next(
            (
                room
                for room in reversed(world.rooms.values())
                if room.account is account and name in (room.sid, room.name)
                if room.status != "completed"
            ),
            None,
        )


def open_room(world: World, account: Account, how: twiml.Conference) -> Room:
    """Return the living room of that name, made if there is none."""
    with world.lock:
        room = find(world, account, how.name)
        if room is None:
            room = Room(account, how.name, account.behaviour, most=how.most)
            world.keep(room)
        if how.callback and not room.callback:
            room.callback, room.events = how.callback, how.events
        return room


def be_in(leg: Leg, how: twiml.Conference) -> dict[str, str]:
    """Be in a room until one leaves it or it ends; what Dial's action is told then.

    Raises what ends a leg.
    """
    leg.wait(0)
    part = _enter(leg.world, leg.call, how)
    if part is None:
        leg.line(Spoken("note", FULL))
        return {"DialCallStatus": "failed", "DialBridged": "false"}
    room = part.room
    try:
        while not part.out:
            if part.hold:
                _hear(leg, part.hold_url, lambda: part.out or not part.hold)
            elif room.status == "init":
                _hear(leg, how.wait_url, lambda: part.out or part.hold or room.status != "init")
            else:
                leg.wait(_ENDLESS, lambda: part.out or part.hold)
    finally:
        leave(leg.world, part)
        leg.call.part = None
    return {"DialCallStatus": "answered", "DialBridged": "true"}


def _hear(leg: Leg, url: str | None, until: Callable[[], bool]) -> None:
    """Hear what is played to who waits or is on hold, again and again."""
    if not url:
        if url is None:
            leg.line(Spoken("note", MUSIC))
        leg.wait(_ENDLESS, until)
        return
    while True:
        try:
            verbs = twiml.read(leg.fetch(url, {}), url)
        except twiml.WrongTwiml as wrong:
            leg.line(Spoken("note", f"nothing useful to hear while waiting: {wrong}"))
            verbs = []
        for verb in verbs:
            if isinstance(verb, twiml.Redirect):
                url = verb.url
                break
            if not isinstance(verb, twiml.Say | twiml.Pause):
                leg.line(Spoken("note", "whoever waits can only be told something"))
                break
            if leg.speak(verb, until):
                return
        if leg.wait(_BREATH * leg.world.pace, until):
            return


def _enter(world: World, call: Call, how: twiml.Conference) -> Participant | None:
    with world.lock:
        room = open_room(world, call.account, how)
        room.ringing.pop(call.sid, None)
        if len(room.parts) >= room.most:
            return None
        part = Participant(call, room, how.starts, how.ends, how.label, how.muted)
        room.parts[call.sid], call.part = part, part
        if how.beep:
            for other in room.parts.values():
                other.call.lines.append(Spoken("note", "a beep"))
        _tell(world, room, "participant-join", part)
        begins = len(room.parts) > 1 and any(one.starts for one in room.parts.values())
        if room.status == "init" and begins:
            room.status, room.updated = "in-progress", now()
            _tell(world, room, "conference-start", part)
        world.changed()
        return part


def leave(world: World, part: Participant, *, kicked: bool = False) -> None:
    """Take one out of a room, which ends if that one may end it, or was the last."""
    room = part.room
    with world.lock:
        if part.out:
            return
        del room.parts[part.call.sid]
        _tell(world, room, "participant-leave", part)
        how = "kicked" if kicked else "left"
        if part.ends:
            end(world, room, f"participant-with-end-conference-on-exit-{how}", part.call.sid)
        elif not room.parts:
            end(world, room, f"last-participant-{how}", part.call.sid)
        world.changed()


def end(world: World, room: Room, why: str, by: str = "") -> None:
    """End a room: all who are in it go on with their documents."""
    with world.lock:
        if room.status == "completed":
            return
        room.status, room.reason, room.ended_by, room.updated = "completed", why, by, now()
        for part in list(room.parts.values()):
            del room.parts[part.call.sid]
            _tell(world, room, "participant-leave", part)
        _tell(world, room, "conference-end", None)
        world.changed()


def hold(world: World, part: Participant, *, held: bool, url: str | None) -> None:
    """Put one on hold, or let them back in."""
    with world.lock:
        if part.hold != held:
            part.hold, part.hold_url = held, url
            _tell(world, part.room, "participant-hold" if held else "participant-unhold", part)
            world.changed()


def mute(world: World, part: Participant, *, muted: bool) -> None:
    """Let the others not hear one, or hear them again."""
    with world.lock:
        if part.muted != muted:
            part.muted = muted
            _tell(world, part.room, "participant-mute" if muted else "participant-unmute", part)
            world.changed()


def _tell(world: World, room: Room, event: str, part: Participant | None) -> None:
    word = event.partition("-")[2]
    room.sequence += 1
    if _WORDS.get(word, word) not in room.events:
        return
    form = {
        "AccountSid": room.account.sid,
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
        "SequenceNumber": str(room.sequence),
        "StatusCallbackEvent": event,
        "Timestamp": format_datetime(now()),
    }
    if part is not None:
        form |= {
            "CallSid": part.call.sid,
            "Muted": str(part.muted).lower(),
            "Hold": str(part.hold).lower(),
            "Coaching": "false",
            "StartConferenceOnEnter": str(part.starts).lower(),
            "EndConferenceOnExit": str(part.ends).lower(),
        }
        if part.label:
            form["ParticipantLabel"] = part.label
    if event == "participant-leave" and part is not None:
        gone = part.call.hung_up or part.call.over
        form["ParticipantCallStatus"] = "completed" if gone else "in-progress"
    if event == "conference-end":
        form |= {"ReasonConferenceEnded": room.reason, "CallSidEndingConference": room.ended_by}
    world.caller.tell(room, form, last=event == "conference-end")
