"""Two pretended providers for the demo, and a phone for each of its people (the simulator)."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from upstander.audit.actions import record
from upstander.base.moment import database_second
from upstander.carriers.addresses import address_mac
from upstander.carriers.models import Channel, ContactMethod
from upstander.carriers.simulator.pushing import Subscription
from upstander.carriers.simulator.things import new_sid
from upstander.command.web import port_of
from upstander.config.home import Home
from upstander.people.models import Person
from upstander.people.scope import System


class DemoPhone(NamedTuple):
    """A made-up person's number (555-01xx: nobody's), and the digit that takes an alert."""

    number: str
    digit: str


#: In the order in which the phones stand: who is asked first stands first.
LINES = {
    "miriam@maple.example": DemoPhone("+18605550101", "4"),
    "tomas@maple.example": DemoPhone("+18605550102", "1"),
    "grace@maple.example": DemoPhone("+18605550103", "7"),
    "dana@maple.example": DemoPhone("+18605550104", "9"),
    "ruth@lakeside.example": DemoPhone("+18605550105", "5"),
    "nadia@lakeside.example": DemoPhone("+18605550106", "3"),
    "ben@lakeside.example": DemoPhone("+18605550107", "8"),
    "owen@maple.example": DemoPhone("+18605550108", "2"),
    "ilse@harbor.example": DemoPhone("+18605550109", "6"),
    "admin@lakeside.example": DemoPhone("+18605550110", "5"),
    "terry@maple.example": DemoPhone("+18605550111", "1"),
    "paula@maple.example": DemoPhone("+18605550112", "2"),
    "cleo@maple.example": DemoPhone("+18605550113", "3"),
    "sol@maple.example": DemoPhone("+18605550114", "4"),
    "priya@maple.example": DemoPhone("+18605550115", "6"),
    "joel@maple.example": DemoPhone("+18605550116", "7"),
    "ellen@maple.example": DemoPhone("+18605550117", "8"),
    "hana@maple.example": DemoPhone("+18605550118", "9"),
    "marcus@maple.example": DemoPhone("+18605550119", "1"),
    "noor@harbor.example": DemoPhone("+18605550120", "2"),
    "odette@willow.example": DemoPhone("+18605550123", "3"),
    "selma@willow.example": DemoPhone("+18605550124", "4"),
    "ambrose@aid.example": DemoPhone("+18605550125", "5"),
    "vera@river.example": DemoPhone("+18605550126", "6"),
    "imani@river.example": DemoPhone("+18605550127", "7"),
    "leo@river.example": DemoPhone("+18605550128", "8"),
}
#: Phones of made-up students, who call and write to the line.
STUDENTS = {"+18605550121": "A student’s phone", "+18605550122": "Another student’s phone"}
#: The numbers that reporters call and text, and whose each is: the first is shown.
TEXT_LINES = {"+18605550170": "north", "+18605550171": "south"}
TEXT_LINE = next(iter(TEXT_LINES))
#: Phones that are nobody's of the staff, and join calls.
CENTER_PHONE, INTERPRETERS, DISPATCH = "+18605550172", "+18605550173", "+15550100911"
OTHERS = {
    CENTER_PHONE: ("The center’s own phone", "rings when no counselor takes a call"),
    INTERPRETERS: ("Interpreters", "join a call when a counselor asks"),
    DISPATCH: ("911 dispatch, ten-digit line", "joins a call when a counselor asks"),
}
#: What lies at the provider for when our site is away: it connects with the center's own phone.
AT_PROVIDER = f"""<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Say language="en-US">We are connecting you with the crisis center. In danger? Call 911.</Say>
  <Say language="es-MX">Le comunicamos con el centro de crisis. ¿En peligro? Llame al 911.</Say>
  <Dial callerId="{TEXT_LINE}" timeout="60">
    <Number>{CENTER_PHONE}</Number>
  </Dial>
</Response>
"""
#: What each provider sends from.
PROVIDERS = {"north": "+18605550180", "south": "+18605550190"}


def give_phones(home: Home, told: Mapping[str, str]) -> None:
    """Write what the simulator and the carriers need, and give everybody verified ways.

    ``told``: what is said of each person beside their phone, by email. Made once, and again where
    the phones' address has changed since (a notification's address holds the port). As the owner.
    """
    file = home.root / "phones.json"
    kept = json.loads(file.read_bytes()) if file.exists() else _made_up()
    url = f"http://127.0.0.1:{port_of('phones')}"
    had = {Subscription.from_saved(saved).number for saved in kept["subscriptions"]}
    new = [line.number for line in LINES.values() if line.number not in had]
    kept["subscriptions"] += [Subscription(number).saved() for number in new]
    moved = kept.get("url") != url or bool(new)
    people = {person.email: person for person in Person.objects.filter(email__in=LINES)}
    subscriptions = [Subscription.from_saved(saved) for saved in kept["subscriptions"]]
    _write(home, kept["accounts"])
    written = {
        "url": url,
        "pace": kept.get("pace", 1.0),
        "accounts": [
            account
            | {"sms_url": f"{settings.PUBLIC_URL}/carriers/{account['name']}/sms"}
            | {"lines": _lines_of(account["name"]), "voice": _calls_of(account["name"])}
            for account in kept["accounts"]
        ],
        "phones": [
            {
                "number": number,
                "name": name,
                "about": "calls and texts the crisis center",
                "line": TEXT_LINE,
                "calls_line": TEXT_LINE,
            }
            for number, name in STUDENTS.items()
        ]
        + [
            {
                "number": line.number,
                "name": people[email].name,
                "about": f"{told[email]}\nown digit {line.digit}",
            }
            for email, line in LINES.items()
            if email in people
        ]
        + [
            {"number": number, "name": name, "about": about}
            for number, (name, about) in OTHERS.items()
        ],
        "subscriptions": [one.saved() | {"site": settings.DESK_URL} for one in subscriptions],
    }
    if moved:
        with transaction.atomic(durable=True):
            _give_methods(people, {one.number: one for one in subscriptions}, url)
            record("demo's phones given", actor=System(), subject_kind="demo", subject_id="phones")
    _write_secret(file, json.dumps(written, indent=1))


def _lines_of(provider: str) -> dict[str, str]:
    """Return a provider's other numbers, and where each hands on what is written to it."""
    at = f"{settings.PUBLIC_URL}/carriers/{provider}/door/text"
    return {number: at for number, whose in TEXT_LINES.items() if whose == provider}


def _calls_of(provider: str) -> dict[str, dict[str, str]]:
    """Return which of a provider's numbers take calls, as one sets that up in its console."""
    at = f"{settings.PUBLIC_URL}/carriers/{provider}/door/call"
    setup = {"url": at, "fallback": AT_PROVIDER, "status": f"{at}/status"}
    return {TEXT_LINE: setup} if TEXT_LINES[TEXT_LINE] == provider else {}


def _made_up() -> dict[str, Any]:
    return {
        "accounts": [
            {
                "name": name,
                "number": number,
                "sid": new_sid("AC"),
                "token": secrets.token_hex(16),
            }
            for name, number in PROVIDERS.items()
        ],
        "subscriptions": [Subscription(line.number).saved() for line in LINES.values()],
    }


def _give_methods(
    people: Mapping[str, Person], subscriptions: Mapping[str, Subscription], url: str
) -> None:
    now = database_second()
    for email, person in people.items():
        line = LINES[email]
        push = json.dumps(subscriptions[line.number].told(url))
        ContactMethod.objects.filter(person=person, kind=Channel.PUSH).delete()
        for kind, address in (
            (Channel.SMS, line.number),
            (Channel.VOICE, line.number),
            (Channel.PUSH, push),
        ):
            ContactMethod.objects.get_or_create(
                person=person,
                kind=kind,
                address_mac=address_mac(kind, address),
                defaults={
                    "address": address,
                    "label": "this demo's phone" if kind == Channel.PUSH else "",
                    "digit": line.digit if kind == Channel.VOICE else "",
                    "verified_at": now,
                    "created_at": now,
                },
            )


def _write(home: Home, accounts: list[dict[str, str]]) -> None:
    """Write the providers' file and its tokens, as an administrator would."""
    lines = ["# Written by `upstander demo` at each start: the two providers of its phones page."]
    for order, account in enumerate(accounts, 1):
        token = f"{account['name']}.token"
        _write_secret(home.root / token, account["token"])
        lines += [
            "",
            "[[provider]]",
            f'name = "{account["name"]}"',
            'kind = "twilio"',
            'channels = ["sms", "voice"]',
            f"order = {order}",
            f'base_url = "http://127.0.0.1:{port_of("phones")}/2010-04-01"',
            f'account = "{account["sid"]}"',
            f'token_file = "{token}"',
            f'from_number = "{account["number"]}"',
            f'callback_url = "{settings.PUBLIC_URL}"',
        ]
    for number, provider in TEXT_LINES.items():
        lines += ["", "[[line]]", f'number = "{number}"', f'provider = "{provider}"']
        lines += ['district = "maple-valley"']
        if number == TEXT_LINE:
            _write_secret(home.root / "interpreters.keys", "ww4711#")
            lines += [
                "calls = true",
                f'fallback = "{CENTER_PHONE}"',
                f'interpreter = "{INTERPRETERS}"',
                'interpreter_keys_file = "interpreters.keys"',
            ]
    (home.root / "providers.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_secret(file: Path, text: str) -> None:
    """Write a file whole, for this account only."""
    fresh = file.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    fresh.replace(file)
