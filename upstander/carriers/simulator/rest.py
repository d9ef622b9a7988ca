"""The provider's REST interface: the part of Twilio's 2010-04-01 that Upstander uses.

Orders and questions, with the account's id and token (RFC 7617): Messages and Calls, each made,
read, and a call ended or sent elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

from upstander.carriers.simulator import calling, texting
from upstander.carriers.simulator.things import Account, Call, Text
from upstander.carriers.simulator.world import World

_PATH = re.compile(r"^/2010-04-01/Accounts/(AC[0-9a-f]{32})/(Messages|Calls)(?:/(\w+))?\.json$")
_NUMBER = re.compile(r"^\+[1-9]\d{6,14}$")
#: Letters in one order (Twilio: 21617).
LONGEST_TEXT = 1600
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Reply:
    """What a request is answered with."""

    status: int
    body: dict[str, Any]


class ApiRefused(Exception):
    """An order or question that is turned down, with the provider's own number for why."""

    def __init__(self, status: int, code: int, why: str) -> None:
        super().__init__(why)
        self.reply = Reply(
            status,
            {
                "code": code,
                "message": why,
                "more_info": f"https://www.twilio.com/docs/errors/{code}",
                "status": status,
            },
        )


def handle(world: World, method: str, path: str, authorization: str, form: Form) -> Reply | None:
    """Answer one request. None: the account behaves so that the line is closed without a word."""
    found = _PATH.match(path)
    try:
        if found is None:
            raise ApiRefused(404, 20404, f"The requested resource {path} was not found")
        sid, kind, thing = found.groups()
        account = _account(world, sid, authorization)
        if account.behaviour.hang:
            time.sleep(account.behaviour.hang)
        if method == "GET" and thing:
            return Reply(200, _read(world, account, kind, thing))
        if method != "POST":
            raise ApiRefused(405, 20004, "Method not allowed")
        if thing:
            return Reply(200, _change(world, account, kind, thing, form))
        return _order(world, account, kind, form)
    except ApiRefused as refused:
        return refused.reply


def _account(world: World, sid: str, authorization: str) -> Account:
    account = world.account_of(sid)
    try:
        kind, _, words = authorization.partition(" ")
        user, _, token = base64.b64decode(words, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        kind = user = token = ""
    right = account is not None and hmac.compare_digest(account.token.encode(), token.encode())
    if account is None or kind.lower() != "basic" or user != sid or not right:
        raise ApiRefused(401, 20003, "Authenticate")
    return account


def _one(form: Form, name: str, default: str = "") -> str:
    return form[name][0] if form.get(name) else default


def _order(world: World, account: Account, kind: str, form: Form) -> Reply | None:
    behaviour = account.behaviour.drawn(world.dice)
    if behaviour.refuse:
        code = {429: 20429, 401: 20003}.get(behaviour.refuse, 20500)
        raise ApiRefused(behaviour.refuse, code, "Refused, as the simulator was told to")
    to, sender = _one(form, "To"), _one(form, "From")
    if sender != account.number:
        raise ApiRefused(400, 21606, f"The From number {sender} is not one of this account")
    if not _NUMBER.match(to):
        raise ApiRefused(400, 21211, f"The To number {to} is not a valid phone number")
    phone = world.phone(to)
    if (phone.behaviour.texts if kind == "Messages" else phone.behaviour.calls) == "refused":
        raise ApiRefused(400, 21211, f"The To number {to} is not a valid phone number")
    thing: Text | Call
    if kind == "Messages":
        body = _one(form, "Body")
        if not body:
            raise ApiRefused(400, 21602, "Message body is required")
        if len(body) > LONGEST_TEXT:
            raise ApiRefused(400, 21617, "The message body exceeds 1600 characters")
        if to in account.stopped:
            raise ApiRefused(400, 21610, "Attempt to send to unsubscribed recipient")
        thing = Text(account, sender, to, body, behaviour, callback=_one(form, "StatusCallback"))
        shown = _text(thing)
        texting.order(world, thing)
    else:
        thing = _ordered_call(account, sender, to, form)
        thing.behaviour = behaviour
        shown = _call(thing)
        calling.order(world, thing)
    return None if behaviour.drop else Reply(201, shown)


def _ordered_call(account: Account, sender: str, to: str, form: Form) -> Call:
    url, document = _one(form, "Url"), _one(form, "Twiml")
    if not url and not document:
        raise ApiRefused(400, 21205, "Url or Twiml is required")
    try:
        ring_for = float(_one(form, "Timeout", "60"))
    except ValueError:
        raise ApiRefused(400, 21216, "Timeout is no number") from None
    events = form.get("StatusCallbackEvent") or ["completed"]
    return Call(
        account,
        sender,
        to,
        url,
        document,
        callback=_one(form, "StatusCallback"),
        # One field a name, or all in one with spaces, as the real ones take both.
        events=frozenset(word for event in events for word in event.split()),
        detect=_one(form, "MachineDetection") in ("Enable", "DetectMessageEnd"),
        detect_callback=(
            _one(form, "AsyncAmdStatusCallback") if _one(form, "AsyncAmd") == "true" else ""
        ),
        ring_for=ring_for,
    )


def _find(world: World, account: Account, kind: str, sid: str) -> Text | Call:
    thing: Text | Call | None
    thing = world.texts.get(sid) if kind == "Messages" else world.calls.get(sid)
    if thing is None or thing.account is not account:
        raise ApiRefused(404, 20404, f"The requested resource {kind}/{sid} was not found")
    return thing


def _read(world: World, account: Account, kind: str, sid: str) -> dict[str, Any]:
    thing = _find(world, account, kind, sid)
    return _text(thing) if isinstance(thing, Text) else _call(thing)


def _change(world: World, account: Account, kind: str, sid: str, form: Form) -> dict[str, Any]:
    thing = _find(world, account, kind, sid)
    if isinstance(thing, Text):
        raise ApiRefused(400, 20001, "A message can't be changed")
    if _one(form, "Status") in ("completed", "canceled"):
        calling.end_by_order(world, thing)
    elif form.get("Url") or form.get("Twiml"):
        with world.lock:
            thing.redirected = (_one(form, "Url") or thing.url, _one(form, "Twiml"))
            world.changed()
    else:
        raise ApiRefused(400, 20001, "Nothing to change")
    return _call(thing)


def _text(text: Text) -> dict[str, Any]:
    return {
        "account_sid": text.account.sid,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": format_datetime(text.created),
        "date_sent": None if text.status == "queued" else format_datetime(text.updated),
        "date_updated": format_datetime(text.updated),
        "direction": "outbound-api",
        "error_code": text.error,
        "error_message": None,
        "from": text.sender,
        "num_segments": "1",
        "sid": text.sid,
        "status": text.status,
        "to": text.to,
        "uri": f"/2010-04-01/Accounts/{text.account.sid}/Messages/{text.sid}.json",
    }


def _call(call: Call) -> dict[str, Any]:
    # Read by question, a call that was only begun is still "queued" (there is no "initiated").
    status = "queued" if call.status == "initiated" else call.status
    return {
        "account_sid": call.account.sid,
        "answered_by": call.answered_by or None,
        "api_version": "2010-04-01",
        "date_created": format_datetime(call.created),
        "direction": "outbound-api",
        "duration": str(call.duration) if call.ended else None,
        "end_time": format_datetime(call.ended) if call.ended else None,
        "from": call.sender,
        "sid": call.sid,
        "start_time": format_datetime(call.started) if call.started else None,
        "status": status,
        "to": call.to,
        "uri": f"/2010-04-01/Accounts/{call.account.sid}/Calls/{call.sid}.json",
    }
