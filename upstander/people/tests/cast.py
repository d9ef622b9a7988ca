"""What the tests of people add to the named cast: real passwords, apps, and signing in by hand.

In most tests Tara leads the team of Cedar Middle School, Tom and Uma are in it, and Charlie of
Quay School (another center's district) is the stranger.
"""

from __future__ import annotations

import time
from typing import Protocol

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.test import Client

from upstander.people import keys
from upstander.people.factories import Keys
from upstander.people.models import Person, Team
from upstander.people.scope import Viewer

PASSWORD = "a lantern over quiet water"


class Cast(Protocol):
    """The root conftest's cast, as far as these tests need it."""

    teams: dict[str, Team]
    people: dict[str, Person]
    keys: Keys

    def viewer(self, name: str, *, unlocked: bool = True) -> Viewer: ...
    def client(self, name: str, *, unlocked: bool = True) -> Client: ...


def with_password(cast: Cast, name: str) -> Person:
    """Give one of the cast PASSWORD, which opens the key pair they have, and an app."""
    person = cast.people[name]
    person.set_password(PASSWORD)
    person.save()
    keys.rewrap_by_password(person, PASSWORD, cast.keys.people[person.pk])
    enrol(person)
    return person


def enrol(person: Person) -> None:
    """Give somebody an authenticator app."""
    Authenticator.objects.get_or_create(
        user=person,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": get_adapter().encrypt(generate_totp_secret())}},
    )


def digits_of(person: Person) -> str:
    """Return the six digits that somebody's app shows now, as if none had been used yet."""
    cache.clear()
    row = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    return digits(decrypt(row.data["secret"]))


def digits(secret: str) -> str:
    """Return the six digits of a TOTP secret (RFC 6238) now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def give_password(client: Client, person: Person, password: str = PASSWORD) -> None:
    """Take the first step of signing in."""
    client.post("/account/login/", {"login": person.email, "password": password})


def sign_in(person: Person, password: str = PASSWORD) -> Client:
    """Sign somebody in through the pages, with password and app."""
    client = Client()
    give_password(client, person, password)
    client.post("/account/2fa/authenticate/", {"code": digits_of(person)})
    return client
