"""Devices on which somebody has signed in with both factors: others' wrong tries don't stop them.

It lets nobody in: password and second factor are asked for as everywhere. The cookie says
nothing of whom it is for, and is worth nothing once the password is another.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from upstander.people.models import Person

COOKIE = "known"
AGE = timedelta(days=90)
#: People who share a device, at most.
MOST = 6
_SALT = "upstander.people.known_devices"


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Let this device be known to somebody who has just signed in on it."""
    number = secrets.token_urlsafe(9)
    others = [(n, mark) for n, mark in _entries(request) if not _same(mark, _mark(person, n))]
    entries = [*others[-(MOST - 1) :], (number, _mark(person, number))]
    response.set_signed_cookie(
        COOKIE,
        " ".join(f"{n}.{mark}" for n, mark in entries),
        salt=_SALT,
        max_age=AGE,
        path="/account/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest, email: str) -> str | None:
    """Return the number under which the account of this address knows the device, if it does."""
    entries = _entries(request)
    person = Person.objects.filter(email__iexact=email).first() if entries else None
    if person is None:
        return None
    return next((n for n, mark in entries if _same(mark, _mark(person, n))), None)


def _mark(person: Person, number: str) -> str:
    whose = f"{person.pk} {person.password} {number}"
    return salted_hmac(_SALT, whose, algorithm="sha256").hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _entries(request: HttpRequest) -> list[tuple[str, str]]:
    text = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=AGE) or ""
    pairs = [entry.partition(".") for entry in text.split()]
    return [(number, mark) for number, _, mark in pairs if mark][-MOST:]
