"""Texts: ordered by a customer and brought to a phone, or written on a phone and handed on.

Source of states and error numbers: Twilio, "Message resource" and "Error and warning dictionary".
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import partial

from upstander.carriers.simulator.things import FINAL_TEXT, Account, Media, Text, new_sid, now
from upstander.carriers.simulator.world import World

#: Seconds at the simulator's pace between one state of a text and the next.
STEP = 0.3
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
START_WORDS = frozenset({"start", "unstop"})
_NOT_DELIVERED = {"unreachable": 30003, "landline": 30006}


def order(world: World, text: Text) -> None:
    """Take an order for a text; what becomes of it happens later."""
    world.keep(text)
    if not text.behaviour.stuck:
        world.later.do(STEP * world.pace, lambda: _bring(world, text))


def _move(world: World, text: Text, status: str, error: int | None = None) -> None:
    with world.lock:
        if text.status in FINAL_TEXT:
            return
        text.status, text.error, text.updated = status, error, now()
        world.changed()
    form = {
        "AccountSid": text.account.sid,
        "ApiVersion": "2010-04-01",
        "From": text.sender,
        "MessageSid": text.sid,
        "MessageStatus": status,
        "SmsSid": text.sid,
        "SmsStatus": status,
        "To": text.to,
    }
    if error is not None:
        form["ErrorCode"] = str(error)
    world.caller.tell(text, form, last=status in FINAL_TEXT)


def _bring(world: World, text: Text) -> None:
    how = world.phone(text.to).behaviour.texts
    _move(world, text, "sent")
    if how == "lost" and not text.behaviour.lie:
        return
    world.later.do(STEP * world.pace, lambda: arrive(world, text))


def arrive(world: World, text: Text) -> None:
    """Let a sent text reach its phone, or not, as both behave."""
    phone = world.phone(text.to)
    how = phone.behaviour.texts
    owner = next((one for one in world.accounts.values() if text.to in one.lines), None)
    if owner is not None and not text.arrived:
        # A number of a customer's: it takes it as what any phone writes.
        text.arrived = True
        _move(world, text, "delivered")
        write(world, text.sender, text.body, owner, line=text.to)
    elif text.behaviour.lie:
        _move(world, text, "delivered")
    elif how in _NOT_DELIVERED:
        _move(world, text, "undelivered", _NOT_DELIVERED[how])
    elif how == "arrive":
        with world.lock:
            if text.arrived:
                return
            text.arrived = True
            world.show(phone, text)
        _move(world, text, "delivered")
        if phone.behaviour.reply:
            answer = phone.behaviour.reply
            world.later.do(
                phone.behaviour.after * world.pace,
                lambda: write(world, text.to, answer, text.account, line=text.sender),
            )
    # "held": it stays on its way until the phone is on (`turned_on`).


def turned_on(world: World, number: str) -> None:
    """Bring what was held back while a phone was off."""
    with world.lock:
        held = [
            text
            for text in world.texts.values()
            if text.to == number and text.status == "sent" and not text.arrived
        ]
    for text in held:
        world.later.do(STEP * world.pace, partial(arrive, world, text))


def write(
    world: World,
    number: str,
    body: str,
    account: Account,
    *,
    line: str = "",
    media: Sequence[Media] = (),
) -> Text:
    """Write a text on a phone to a customer's number; the customer's answer comes back as one.

    ``line``: one of the customer's other numbers; ``media``: pictures that go with it.
    """
    to = line or account.number
    text = Text(
        account,
        number,
        to,
        body,
        inbound=True,
        status="received",
        arrived=True,
        media=list(media),
    )
    with world.lock:
        world.keep(text)
        world.show(world.phone(number), text)
        word = body.strip().lower()
        if word in STOP_WORDS:
            account.stopped.add((to, number))
        elif word in START_WORDS:
            account.stopped.discard((to, number))
    if _takes(text) and not account.behaviour.silent:
        world.later.do(account.behaviour.late * world.pace, lambda: _hand_on(world, text))
    return text


def _takes(text: Text) -> str:
    """Return where the customer takes what is written to that number; "" where it doesn't."""
    account = text.account
    return account.lines.get(text.to, account.sms_url if text.to == account.number else "")


def _hand_on(world: World, text: Text) -> None:
    account = text.account
    form = {
        "AccountSid": account.sid,
        "ApiVersion": "2010-04-01",
        "Body": text.body,
        "From": text.sender,
        "MessageSid": text.sid,
        "NumMedia": str(len(text.media)),
        "NumSegments": "1",
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": "received",
        "To": text.to,
    }
    for number, one in enumerate(text.media):
        form[f"MediaUrl{number}"] = (
            f"{world.url}/2010-04-01/Accounts/{account.sid}/Messages/{text.sid}/Media/{one.sid}"
        )
        form[f"MediaContentType{number}"] = one.kind
    behaviour = account.behaviour.drawn(world.dice)
    for _ in range(behaviour.copies):
        answer = world.caller.ask(account, _takes(text), form, forge=behaviour.forge)
        if 200 <= answer.status < 300:
            for body in replies_in(answer.body):
                # What answers a text goes out as any other: the phone may be off by now.
                order(world, Text(account, text.to, text.sender, body, sid=new_sid("SM")))


def replies_in(document: str) -> list[str]:
    """Return the texts of the <Message> elements of a TwiML answer."""
    if not document.strip():
        return []
    try:
        root = ET.fromstring(document)  # noqa: S314 - the customer is ourselves
    except ET.ParseError:
        return []
    return [
        body for message in root.iter("Message") if (body := "".join(message.itertext()).strip())
    ]
