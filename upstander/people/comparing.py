"""Whether rows, what is signed of them, and what this machine has seen last say the same.

For `upstander doctor` and the watch: read as the owner or the worker; nothing is pinned here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction

from upstander.people.models import Membership, Team
from upstander.people.statements import (
    facts_of,
    is_signed,
    key_verifies,
    pin_of,
    subject_of,
    verifies,
)
from upstander.places.models import District, School
from upstander.vault.models import HolderKey, SignedStatement
from upstander.vault.pins import Pin, fits
from upstander.vault.statements import Statement


class Differs(StrEnum):
    """What is wrong with a subject."""

    UNSIGNED = "unsigned"
    """It is there, and nobody has ever signed anything of it."""
    FORGED = "forged"
    """What stands of it is not what was signed."""
    OLDER = "older"
    """What stands of it is older than what was seen here, or gone."""
    MOVED = "moved"
    """Its row says something else than what was signed."""
    PLANTED = "planted"
    """Somebody is in it, or in that role, by a row that nobody signed."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A subject of which rows, statements and pins don't say the same."""

    what: Differs
    subject: str

    def __str__(self) -> str:
        return f"{self.subject}: {_WORDS[self.what]}"


_WORDS = {
    Differs.UNSIGNED: "it was never signed",
    Differs.FORGED: "it is not what was signed",
    Differs.OLDER: "it is missing, or older than what was seen here",
    Differs.MOVED: "its row differs from what was signed",
    Differs.PLANTED: "someone is in it through a row that no one signed",
}


def differences() -> list[Difference]:
    """Return everything that differs, of all places, teams, members and keys."""
    # Pins before rows, and all rows as of one moment: what is signed meanwhile differs in nothing.
    pins = {name: pin for name in settings.PINS.subjects() if (pin := settings.PINS.of(name))}
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return sorted({*_of_places(pins), *_of_keys(pins)})


def _of_places(pins: Mapping[str, Pin]) -> Iterator[Difference]:
    rows = {
        row.subject: Pin(row.counter, row.text, bytes(row.signature))
        for row in SignedStatement.objects.all()
    }
    standing = {}
    for subject in {*rows, *(name for name in pins if not name.startswith("key:"))}:
        found, pin = rows.get(subject), pins.get(subject)
        seen = pin if pin and verifies(subject, pin) else None
        yield from _of_one(subject, found, seen, found is not None and verifies(subject, found))
        best = found if found and verifies(subject, found) and fits(found, seen) else seen
        if best is not None:
            standing[subject] = Statement(subject, best.counter, best.text, best.signature).facts
    places: list[Team | District | School] = [*Team.objects.all(), *District.objects.all()]
    places += School.objects.all()
    for place in places:
        subject = subject_of(place)
        if subject not in standing:
            yield Difference(Differs.UNSIGNED, subject)
        elif not facts_of(place).items() <= standing[subject].items():
            yield Difference(Differs.MOVED, subject)
    for row in Membership.objects.all():
        if f"team:{row.team_id}" in standing and not is_signed(row, standing):
            yield Difference(Differs.PLANTED, f"team:{row.team_id}")


def _of_keys(pins: Mapping[str, Pin]) -> Iterator[Difference]:
    newest: dict[str, HolderKey] = {}
    for key in HolderKey.objects.order_by("version"):
        newest[key.holder] = key
    pinned = (name.removeprefix("key:") for name in pins if name.startswith("key:"))
    for holder in {*newest, *pinned}:
        found = pin_of(newest[holder]) if holder in newest else None
        pin = pins.get(f"key:{holder}")
        seen = pin if pin and key_verifies(holder, pin) else None
        good = found is not None and key_verifies(holder, found)
        yield from _of_one(f"key:{holder}", found, seen, good)


def _of_one(subject: str, found: Pin | None, seen: Pin | None, good: bool) -> Iterator[Difference]:
    if found is not None and not good:
        yield Difference(Differs.FORGED, subject)
    elif seen is not None and (found is None or not fits(found, seen)):
        yield Difference(Differs.OLDER, subject)
