"""What the phones page and tests may do: look, press, write, and set how all behave (JSON)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote, urljoin

from upstander.carriers.simulator import calling, texting
from upstander.carriers.simulator.behaviour import WrongBehaviour, changed
from upstander.carriers.simulator.pushing import Subscription
from upstander.carriers.simulator.things import (
    Account,
    Call,
    Media,
    Phone,
    Push,
    Text,
    VoiceLine,
)
from upstander.carriers.simulator.world import World

#: The newest that a phone shows.
SHOWN = 40
#: Letters of what is said at once.
LONGEST_WORDS = 500


class Unknown(LookupError):
    """No such phone, call or account."""


def state(world: World) -> dict[str, Any]:
    """Return all that the page shows."""
    with world.lock:
        return {
            "version": world.version,
            "accounts": [_account(one) for one in world.accounts.values()],
            "phones": [_phone(one) for one in world.phones.values()],
        }


def _account(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "number": account.number,
        "behaviour": asdict(account.behaviour),
    }


def _phone(phone: Phone) -> dict[str, Any]:
    return {
        "number": phone.number,
        "name": phone.name,
        "about": phone.about,
        "line": phone.line,
        "calls_line": phone.calls_line,
        "behaviour": asdict(phone.behaviour),
        "feed": [_shown(thing) for thing in phone.feed[-SHOWN:]],
        # One that still rings is shown however much came since.
        "calls": [_call(call) for call in phone.calls if call.status in ("ringing", "in-progress")],
    }


def _shown(thing: Text | Call | Push) -> dict[str, Any]:
    if isinstance(thing, Text):
        return _text(thing)
    return _call(thing) if isinstance(thing, Call) else _push(thing)


def _text(text: Text) -> dict[str, Any]:
    return {
        "kind": "text",
        "sid": text.sid,
        "account": text.account.name,
        "body": text.body,
        "pictures": len(text.media),
        "mine": text.inbound,
        "at": text.created.isoformat(),
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "kind": "call",
        "sid": call.sid,
        "account": call.account.name,
        "from": call.sender,
        "status": call.status,
        "mine": call.inbound,
        "to": call.to,
        "picked_up": call.picked_up,
        "with": "room" if call.part else "phone" if call.bridged else "",
        "held": bool(call.part and call.part.hold),
        "asking": call.asking,
        "lines": [asdict(line) for line in call.lines[-SHOWN:]],
        "skipped": max(0, len(call.lines) - SHOWN),
        "at": call.created.isoformat(),
        "answered": call.started.isoformat() if call.started else None,
        "duration": call.duration,
    }


def _push(push: Push) -> dict[str, Any]:
    return {
        "kind": "push",
        "sid": push.sid,
        "payload": push.payload,
        "url": _leads_to(push),
        "urgency": push.urgency,
        "at": push.created.isoformat(),
    }


def _leads_to(push: Push) -> str:
    """Return where a notification leads, if it says so as our service worker reads it."""
    try:
        return urljoin(push.site + "/", str(json.loads(push.payload)["url"])) if push.site else ""
    except (ValueError, KeyError, TypeError):
        return ""


def act(world: World, path: str, wanted: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Do what a POST to the control interface asks. Raises Unknown and WrongBehaviour."""
    for pattern, does in _ACTS:
        if found := pattern.fullmatch(path):
            return does(world, unquote(found[1]), wanted, base)
    raise Unknown(path)


def _set_phone(world: World, number: str, wanted: Mapping[str, Any], _base: str) -> dict[str, Any]:
    with world.lock:
        phone = world.phone(number)
        phone.behaviour = changed(phone.behaviour, wanted.get("behaviour", {}))
        phone.name = str(wanted.get("name", phone.name))
        phone.about = str(wanted.get("about", phone.about))
        world.changed()
    if phone.behaviour.texts == "arrive":
        texting.turned_on(world, number)
    return _phone(phone)


def _set_account(world: World, name: str, wanted: Mapping[str, Any], _base: str) -> dict[str, Any]:
    account = _known(world, name)
    with world.lock:
        account.behaviour = changed(account.behaviour, wanted.get("behaviour", {}))
        account.sms_url = str(wanted.get("sms_url", account.sms_url))
        for line, setup in wanted.get("voice", {}).items():
            account.voice[line] = VoiceLine(**setup)
        world.changed()
    return _account(account)


def _known(world: World, name: str) -> Account:
    if name not in world.accounts:
        raise Unknown(f"no account {name}")
    return world.accounts[name]


def _write(world: World, number: str, wanted: Mapping[str, Any], _base: str) -> dict[str, Any]:
    body = str(wanted.get("body", "")).strip()
    media = [_media(one) for one in wanted.get("media", ())]
    if not body and not media:
        raise WrongBehaviour("an empty text")
    phone = world.phone(number)
    line = str(wanted.get("line", phone.line))
    if line:
        owner = next((a for a in world.accounts.values() if line in a.lines), None)
        if owner is None:
            raise Unknown(f"no line {line}")
        return _text(texting.write(world, number, body, owner, line=line, media=media))
    with world.lock:
        last = next((text for text in reversed(phone.texts) if not text.inbound), None)
        name = wanted.get("account") or (last.account.name if last else next(iter(world.accounts)))
    return _text(texting.write(world, number, body, _known(world, str(name))))


def _dial(world: World, number: str, wanted: Mapping[str, Any], _base: str) -> dict[str, Any]:
    line = str(wanted.get("line", world.phone(number).calls_line))
    owner = next((a for a in world.accounts.values() if line in a.voice), None)
    if owner is None:
        raise Unknown(f"no line {line} that takes calls")
    return _call(calling.dial(world, number, owner, line))


def _media(wanted: object) -> Media:
    """Read a picture as a page sends it: its bytes in base64, and their type."""
    if not isinstance(wanted, Mapping):
        raise WrongBehaviour("a picture is content and kind")
    try:
        content = base64.b64decode(str(wanted.get("content", "")), validate=True)
    except ValueError:
        raise WrongBehaviour("a picture's content is base64") from None
    return Media(content, str(wanted.get("kind", "image/jpeg")))


def _subscribe(world: World, number: str, wanted: Mapping[str, Any], base: str) -> dict[str, Any]:
    return dict(subscribe(world, number, str(wanted.get("site", ""))).told(base))


def subscribe(world: World, number: str, site: str = "") -> Subscription:
    """Let a phone's browser make a push subscription."""
    made = Subscription(number, site)
    with world.lock:
        world.phone(number)
        world.subscriptions[made.id] = made
    return made


def _in_call(world: World, sid: str, wanted: Mapping[str, Any], _base: str) -> dict[str, Any]:
    call = world.calls.get(sid)
    if call is None:
        raise Unknown(f"no call {sid}")
    does = wanted.get("do")
    if does == "answer":
        calling.answer(world, call)
    elif does == "hang_up":
        calling.hang_up(world, call)
    elif does == "press" and re.fullmatch(r"[0-9*#]{1,20}", str(wanted.get("keys", ""))):
        calling.press(world, call, str(wanted["keys"]))
    elif does == "say" and (words := str(wanted.get("words", "")).strip()[:LONGEST_WORDS]):
        calling.say(world, call, words)
    else:
        raise WrongBehaviour("one can answer, press keys, say something and hang up")
    return _call(call)


_ACTS = (
    (re.compile(r"/control/phones/([^/]+)"), _set_phone),
    (re.compile(r"/control/phones/([^/]+)/texts"), _write),
    (re.compile(r"/control/phones/([^/]+)/calls"), _dial),
    (re.compile(r"/control/phones/([^/]+)/subscriptions"), _subscribe),
    (re.compile(r"/control/accounts/([^/]+)"), _set_account),
    (re.compile(r"/control/calls/([^/]+)"), _in_call),
)
