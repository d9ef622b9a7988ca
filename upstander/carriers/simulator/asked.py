"""A request to the provider's REST interface: what it says, how it is answered or turned down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upstander.carriers.simulator.things import Account, Phone
from upstander.carriers.simulator.world import World

_NUMBER = re.compile(r"^\+[1-9]\d{6,14}$")
_SIP = re.compile(r"^sips?:[^@\s]+@[^@\s]+$")
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


def one(form: Form, name: str, default: str = "") -> str:
    """Return one value of a form."""
    return form[name][0] if form.get(name) else default


def yes(form: Form, name: str, *, default: bool) -> bool:
    """Return one value of a form that is true or false."""
    return one(form, name, str(default)).lower() == "true"


def not_found(what: str) -> ApiRefused:
    """Return the refusal of what is not there, or not theirs."""
    return ApiRefused(404, 20404, f"The requested resource {what} was not found")


def told_to_refuse(status: int) -> ApiRefused:
    """Return the refusal that the simulator was told to give."""
    code = {429: 20429, 401: 20003}.get(status, 20500)
    return ApiRefused(status, code, "Refused, as the simulator was told to")


def callee(world: World, to: str, *, sip: bool) -> Phone:
    """Return the phone that an order is for. Raises ApiRefused where there can't be one."""
    if not _NUMBER.match(to) and not (sip and _SIP.match(to)):
        raise ApiRefused(400, 21211, f"The To number {to} is not a valid phone number")
    return world.phone(to)


def may_call_from(account: Account, sender: str) -> None:
    """Raise ApiRefused where a call would not come from a number of the account."""
    if not account.owns(sender):
        raise ApiRefused(400, 21210, f"The From number {sender} is not one of this account")
