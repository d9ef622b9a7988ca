"""The provider's REST interface: the part of Twilio's 2010-04-01 that Upstander uses.

Orders and questions, with the account's id and token (RFC 7617): Messages here, calls and rooms in
`rest_calls`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from upstander.carriers.simulator import rest_calls, texting
from upstander.carriers.simulator.asked import (
    ApiRefused,
    Form,
    Reply,
    callee,
    not_found,
    one,
    told_to_refuse,
)
from upstander.carriers.simulator.behaviour import AccountBehaviour
from upstander.carriers.simulator.things import FINAL_TEXT, Account, Text
from upstander.carriers.simulator.world import World

_MEDIA = re.compile(
    r"^/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages/(SM[0-9a-f]{32})/Media/(ME[0-9a-f]{32})$"
)
_MEDIA_LIST = re.compile(
    r"^/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages/(SM[0-9a-f]{32})/Media\.json$"
)
_PATH = re.compile(
    r"^/2010-04-01/Accounts/(AC[0-9a-f]{32})/(Messages|Calls|Conferences)"
    r"(?:/([^/]+?))?(/Participants(?:/([^/]+?))?)?\.json$"
)
#: Letters in one order (Twilio: 21617).
LONGEST_TEXT = 1600


def handle(world: World, method: str, path: str, authorization: str, form: Form) -> Reply | None:
    """Answer one request. None: the account behaves so that the line is closed without a word."""
    found = _PATH.match(path)
    try:
        if found is None and "/Media" in path:
            return _of_media(world, method, path, authorization)
        if found is None:
            raise not_found(path)
        sid, kind, thing, of_room, who = (part and unquote(part) for part in found.groups())
        account = _account(world, sid, authorization)
        if account.behaviour.hang:
            time.sleep(account.behaviour.hang)
        if kind == "Messages":
            return _of_messages(world, account, method, thing, form)
        if account.behaviour.unwilling and method != "GET" and (who or (thing and not of_room)):
            raise told_to_refuse(account.behaviour.unwilling)
        if kind == "Calls":
            return _of_calls(world, account, method, thing, form)
        if of_room and thing:
            return _of_participants(world, account, method, thing, who, form)
        return rest_calls.of_rooms(world, account, method, thing, form)
    except ApiRefused as refused:
        return refused.reply


def _willing(world: World, account: Account) -> AccountBehaviour:
    """Return how the account behaves to an order. Raises ApiRefused."""
    behaviour = account.behaviour.drawn(world.dice)
    if behaviour.refuse:
        raise told_to_refuse(behaviour.refuse)
    return behaviour


def _of_calls(
    world: World, account: Account, method: str, sid: str | None, form: Form
) -> Reply | None:
    if method == "GET" and sid:
        return Reply(200, rest_calls.told(rest_calls.find(world, account, sid)))
    if method == "GET":
        return Reply(200, rest_calls.listed(world, account, form))
    if method == "DELETE" and sid:
        return rest_calls.delete(world, account, sid)
    if method != "POST":
        raise ApiRefused(405, 20004, "Method not allowed")
    if sid:
        return Reply(200, rest_calls.change(world, account, sid, form))
    behaviour = _willing(world, account)
    reply = rest_calls.order(world, account, form, behaviour)
    return None if behaviour.drop else reply


def _of_participants(
    world: World, account: Account, method: str, room: str, who: str | None, form: Form
) -> Reply | None:
    if method != "POST" or who:
        return rest_calls.of_participants(world, account, method, room, who, form)
    behaviour = _willing(world, account)
    reply = rest_calls.invite(world, account, room, form, behaviour)
    return None if behaviour.drop else reply


def _of_messages(
    world: World, account: Account, method: str, sid: str | None, form: Form
) -> Reply | None:
    if method == "GET" and sid:
        return Reply(200, _text(_find(world, account, sid)))
    if method == "GET":
        return Reply(200, _listed(world, account, form))
    if method == "DELETE" and sid:
        return _delete(world, account, sid)
    if method != "POST":
        raise ApiRefused(405, 20004, "Method not allowed")
    if sid:
        _find(world, account, sid)
        raise ApiRefused(400, 20001, "A message can't be changed")
    return _order(world, account, form)


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


def _order(world: World, account: Account, form: Form) -> Reply | None:
    behaviour = _willing(world, account)
    to, sender, body = one(form, "To"), one(form, "From"), one(form, "Body")
    if sender != account.number and sender not in account.lines:
        raise ApiRefused(400, 21606, f"The From number {sender} is not one of this account")
    if callee(world, to, sip=False).behaviour.texts == "refused":
        raise ApiRefused(400, 21211, f"The To number {to} is not a valid phone number")
    if not body:
        raise ApiRefused(400, 21602, "Message body is required")
    if len(body) > LONGEST_TEXT:
        raise ApiRefused(400, 21617, "The message body exceeds 1600 characters")
    if (sender, to) in account.stopped:
        raise ApiRefused(400, 21610, "Attempt to send to unsubscribed recipient")
    text = Text(account, sender, to, body, behaviour, callback=one(form, "StatusCallback"))
    shown = _text(text)
    texting.order(world, text)
    return None if behaviour.drop else Reply(201, shown)


def _find(world: World, account: Account, sid: str) -> Text:
    text = world.texts.get(sid)
    if text is None or text.account is not account or text.deleted:
        raise not_found(f"Messages/{sid}")
    return text


def _listed(world: World, account: Account, form: Form) -> dict[str, Any]:
    """Return what is kept of the texts to one of the customer's numbers, the newest first."""
    to = one(form, "To")
    with world.lock:
        kept = [
            text
            for text in reversed(world.texts.values())
            if text.account is account and text.to == to and not text.deleted
        ]
    return {"messages": [_text(text) for text in kept[:100]]}


def _pictures(world: World, sid: str, text_sid: str, authorization: str) -> dict[str, Any]:
    """Return where a text's pictures lie."""
    account = _account(world, sid, authorization)
    text = _find(world, account, text_sid)
    at = f"/2010-04-01/Accounts/{sid}/Messages/{text_sid}/Media"
    return {"media_list": [{"sid": m.sid, "uri": f"{at}/{m.sid}.json"} for m in text.media]}


def _of_media(world: World, method: str, path: str, authorization: str) -> Reply:
    """Say where a text's pictures lie, or delete one."""
    if method == "GET" and (lists := _MEDIA_LIST.match(path)):
        return Reply(200, _pictures(world, lists[1], lists[2], authorization))
    if method == "DELETE" and (found := _MEDIA.match(path.removesuffix(".json"))):
        return _delete_picture(world, _account(world, found[1], authorization), found[2], found[3])
    raise not_found(path)


def _delete(world: World, account: Account, sid: str) -> Reply:
    """Delete what is kept of a text, once it is over (Twilio: 20009)."""
    text = _find(world, account, sid)
    if not text.inbound and text.status not in FINAL_TEXT:
        raise ApiRefused(409, 20009, "Cannot delete message while it is on its way")
    with world.lock:
        # Its pictures stay, as they do at SignalWire; at Twilio they would go with it.
        text.deleted = True
        world.changed()
    return Reply(204, {})


def _delete_picture(world: World, account: Account, text_sid: str, sid: str) -> Reply:
    text = world.texts.get(text_sid)
    if text is None or text.account is not account or sid not in {m.sid for m in text.media}:
        raise ApiRefused(404, 20404, "The requested resource was not found")
    with world.lock:
        text.media = [kept for kept in text.media if kept.sid != sid]
        world.changed()
    return Reply(204, {})


def picture(world: World, path: str, authorization: str) -> tuple[bytes, str] | None:
    """Return a picture and its type, to its customer; None where there is none (any more)."""
    found = _MEDIA.match(path)
    if found is None:
        return None
    sid, text_sid, media_sid = found.groups()
    try:
        account = _account(world, sid, authorization)
    except ApiRefused:
        return None
    text = world.texts.get(text_sid)
    if text is None or text.account is not account:
        return None
    return next(((m.content, m.kind) for m in text.media if m.sid == media_sid), None)


def _text(text: Text) -> dict[str, Any]:
    return {
        "account_sid": text.account.sid,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": format_datetime(text.created),
        "date_sent": None if text.status == "queued" else format_datetime(text.updated),
        "date_updated": format_datetime(text.updated),
        "direction": "inbound" if text.inbound else "outbound-api",
        "num_media": str(len(text.media)),
        "error_code": text.error,
        "error_message": None,
        "from": text.sender,
        "num_segments": "1",
        "sid": text.sid,
        "status": text.status,
        "to": text.to,
        "uri": f"/2010-04-01/Accounts/{text.account.sid}/Messages/{text.sid}.json",
    }
