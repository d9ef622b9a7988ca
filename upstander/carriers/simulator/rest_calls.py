"""The provider's REST interface of calls and rooms: Calls, Conferences and Participants.

Source: Twilio, "Call resource", "Conference resource", "Conference Participant resource".
"""

from __future__ import annotations

from email.utils import format_datetime
from typing import Any

from upstander.carriers.simulator import calling, rooms, twiml
from upstander.carriers.simulator.asked import (
    ApiRefused,
    Form,
    Reply,
    callee,
    may_call_from,
    not_found,
    one,
    yes,
)
from upstander.carriers.simulator.behaviour import AccountBehaviour
from upstander.carriers.simulator.things import Account, Call, Participant, Room
from upstander.carriers.simulator.world import World

#: The longest list that is given at once.
LONGEST = 1000


# -- calls ----------------------------------------------------------------------------------------
def order(world: World, account: Account, form: Form, behaviour: AccountBehaviour) -> Reply:
    """Take an order for a call."""
    if not one(form, "Url") and not one(form, "Twiml"):
        raise ApiRefused(400, 21205, "Url or Twiml is required")
    call = _ordered(world, account, form, behaviour)
    call.url, call.twiml = one(form, "Url"), one(form, "Twiml")
    shown = told(call)
    calling.order(world, call)
    return Reply(201, shown)


def _ordered(world: World, account: Account, form: Form, behaviour: AccountBehaviour) -> Call:
    sender, to = one(form, "From"), one(form, "To")
    may_call_from(account, sender)
    if callee(world, to, sip=True).behaviour.calls == "refused":
        raise ApiRefused(400, 21211, f"The To number {to} is not a valid phone number")
    try:
        ring_for = float(one(form, "Timeout", "60"))
    except ValueError:
        raise ApiRefused(400, 21216, "Timeout is no number") from None
    events = form.get("StatusCallbackEvent") or ["completed"]
    return Call(
        account,
        sender,
        to,
        "",
        behaviour=behaviour,
        callback=one(form, "StatusCallback"),
        # One field a name, or all in one with spaces, as the real ones take both.
        events=frozenset(word for event in events for word in event.split()),
        detect=one(form, "MachineDetection") in ("Enable", "DetectMessageEnd"),
        detect_callback=(
            one(form, "AsyncAmdStatusCallback") if one(form, "AsyncAmd") == "true" else ""
        ),
        ring_for=ring_for,
        send_digits=one(form, "SendDigits"),
    )


def find(world: World, account: Account, sid: str) -> Call:
    """Return one of the account's calls, of which it still keeps a record."""
    call = world.calls.get(sid)
    if call is None or call.account is not account or call.deleted:
        raise not_found(f"Calls/{sid}")
    return call


def listed(world: World, account: Account, form: Form) -> dict[str, Any]:
    """Return the account's calls, the newest first."""
    with world.lock:
        kept = [
            told(call)
            for call in reversed(world.calls.values())
            if call.account is account and not call.deleted
        ]
    wanted = {
        name: one(form, asked)
        for name, asked in (
            ("to", "To"),
            ("from", "From"),
            ("status", "Status"),
            ("parent_call_sid", "ParentCallSid"),
        )
        if one(form, asked)
    }
    found = [call for call in kept if all(call[name] == is_ for name, is_ in wanted.items())]
    return {"calls": found[:LONGEST]}


def change(world: World, account: Account, sid: str, form: Form) -> dict[str, Any]:
    """End a call, or send it to another document."""
    call = find(world, account, sid)
    if one(form, "Status") in ("completed", "canceled"):
        calling.end_by_order(world, call)
    elif one(form, "Url") or one(form, "Twiml"):
        with world.lock:
            if call.status != "in-progress" or call.hung_up:
                raise ApiRefused(400, 21220, "Call is not in-progress. Cannot redirect.")
            call.redirected = (one(form, "Url"), one(form, "Twiml") or None)
            world.changed()
    else:
        raise ApiRefused(400, 20001, "Nothing to change")
    return told(call)


def delete(world: World, account: Account, sid: str) -> Reply:
    """Delete the record of a call that is over."""
    call = find(world, account, sid)
    with world.lock:
        if not call.over:
            raise ApiRefused(409, 20009, "Cannot delete a call that is in progress")
        call.deleted = True
        world.changed()
    return Reply(204, {})


def told(call: Call) -> dict[str, Any]:
    """Return a call as the interface tells of it."""
    # Read by question, a call that was only begun is still "queued" (there is no "initiated").
    status = "queued" if call.status == "initiated" else call.status
    return {
        "account_sid": call.account.sid,
        "answered_by": call.answered_by or None,
        "api_version": "2010-04-01",
        "date_created": format_datetime(call.created),
        "direction": call.direction,
        "duration": str(call.duration) if call.ended else None,
        "end_time": format_datetime(call.ended) if call.ended else None,
        "from": call.sender,
        "parent_call_sid": call.parent.sid if call.parent else None,
        "sid": call.sid,
        "start_time": format_datetime(call.started) if call.started else None,
        "status": status,
        "to": call.to,
        "uri": f"/2010-04-01/Accounts/{call.account.sid}/Calls/{call.sid}.json",
    }


# -- rooms ----------------------------------------------------------------------------------------
def of_rooms(
    world: World,
    account: Account,
    method: str,
    sid: str | None,
    form: Form,
) -> Reply:
    """Answer what is asked of Conferences."""
    if method == "GET" and sid is None:
        with world.lock:
            kept = [_room(r) for r in reversed(world.rooms.values()) if r.account is account]
        name, status = one(form, "FriendlyName"), one(form, "Status")
        found = [
            room
            for room in kept
            if name in ("", room["friendly_name"]) and status in ("", room["status"])
        ]
        return Reply(200, {"conferences": found[:LONGEST]})
    room = world.rooms.get(sid or "")
    if room is None or room.account is not account:
        raise not_found(f"Conferences/{sid}")
    if method == "POST" and one(form, "Status") == "completed":
        rooms.end(world, room, "conference-ended-via-api")
    elif method != "GET":
        raise ApiRefused(405, 20004, "Method not allowed")
    return Reply(200, _room(room))


def of_participants(
    world: World,
    account: Account,
    method: str,
    room_name: str,
    who: str | None,
    form: Form,
) -> Reply:
    """Answer what is asked of a room's Participants."""
    room = rooms.find(world, account, room_name)
    if room is None:
        raise not_found(f"Conferences/{room_name}")
    if method == "GET" and who is None:
        with world.lock:
            inside = [_part(part) for part in room.parts.values()]
            ringing = [_ringing(room, call) for call in room.ringing.values() if not call.over]
        return Reply(200, {"participants": inside + ringing})
    part = next((p for p in list(room.parts.values()) if who in (p.call.sid, p.label)), None)
    if part is None:
        raise not_found(f"Participants/{who}")
    if method == "DELETE":
        rooms.leave(world, part, kicked=True)
        return Reply(204, {})
    if method == "POST":
        if form.get("Hold"):
            url = one(form, "HoldUrl") or None
            rooms.hold(world, part, held=yes(form, "Hold", default=False), url=url)
        if form.get("Muted"):
            rooms.mute(world, part, muted=yes(form, "Muted", default=False))
        if form.get("EndConferenceOnExit"):
            part.ends = yes(form, "EndConferenceOnExit", default=False)
    return Reply(200, _part(part))


def invite(
    world: World, account: Account, room_name: str, form: Form, behaviour: AccountBehaviour
) -> Reply:
    """Ring somebody who enters the room by picking up."""
    attributes = {
        "beep": one(form, "Beep", "true"),
        "startConferenceOnEnter": one(form, "StartConferenceOnEnter", "true"),
        "endConferenceOnExit": one(form, "EndConferenceOnExit", "false"),
        "maxParticipants": one(form, "MaxParticipants", str(twiml.MOST_IN_A_ROOM)),
        "muted": one(form, "Muted", "false"),
        "participantLabel": one(form, "Label"),
        "statusCallback": one(form, "ConferenceStatusCallback"),
        "statusCallbackEvent": " ".join(form.get("ConferenceStatusCallbackEvent") or ()),
    }
    if form.get("WaitUrl"):
        attributes["waitUrl"] = one(form, "WaitUrl")
    living = rooms.find(world, account, room_name)
    document = twiml.room(living.name if living else room_name, attributes.items())
    try:
        (dial,) = twiml.read(document, "")
    except twiml.WrongTwiml as wrong:
        raise ApiRefused(400, 20001, str(wrong)) from None
    if room_name.startswith("CF") and living is None:
        raise not_found(f"Conferences/{room_name}")
    call = _ordered(world, account, form, behaviour)
    call.twiml = document
    if not isinstance(dial, twiml.Dial) or not isinstance(dial.to, twiml.Conference):
        raise not_found(f"Conferences/{room_name}")
    room = rooms.open_room(world, account, dial.to)
    with world.lock:
        room.ringing[call.sid] = call
    shown = _ringing(room, call)
    calling.order(world, call)
    return Reply(201, shown)


def _room(room: Room) -> dict[str, Any]:
    at = f"/2010-04-01/Accounts/{room.account.sid}/Conferences/{room.sid}"
    return {
        "account_sid": room.account.sid,
        "api_version": "2010-04-01",
        "call_sid_ending_conference": room.ended_by or None,
        "date_created": format_datetime(room.created),
        "date_updated": format_datetime(room.updated),
        "friendly_name": room.name,
        "reason_conference_ended": room.reason or None,
        "region": "us1",
        "sid": room.sid,
        "status": room.status,
        "subresource_uris": {"participants": f"{at}/Participants.json"},
        "uri": f"{at}.json",
    }


def _part(part: Participant) -> dict[str, Any]:
    shown = _ringing(part.room, part.call)
    return shown | {
        "end_conference_on_exit": part.ends,
        "hold": part.hold,
        "label": part.label or None,
        "muted": part.muted,
        "start_conference_on_enter": part.starts,
        "status": "connected",
    }


def _ringing(room: Room, call: Call) -> dict[str, Any]:
    at = f"/2010-04-01/Accounts/{room.account.sid}/Conferences/{room.sid}"
    return {
        "account_sid": room.account.sid,
        "call_sid": call.sid,
        "conference_sid": room.sid,
        "date_created": format_datetime(call.created),
        "hold": False,
        "muted": False,
        "status": "ringing" if call.status == "ringing" else "queued",
        "uri": f"{at}/Participants/{call.sid}.json",
    }
