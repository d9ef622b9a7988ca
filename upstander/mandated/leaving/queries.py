"""What somebody would leave open, who is to be shut out, and which duties' owners were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from upstander.mandated.leaving.models import Shutting, StandIn
from upstander.mandated.rights import DutyRight
from upstander.people.models import Person
from upstander.people.permissions import may
from upstander.people.scope import Viewer

WHAT_WORDS = {
    "first": _("report by phone or electronically"),
    "written": _("written report"),
    "later": _("something due later"),
}


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """One thing that somebody still owes: nothing of what it is about."""

    reference: str
    what: str
    #: UTC; None: its clock begins with the first report.
    due: datetime | None
    zone: str
    late: bool

    @property
    def words(self) -> str:
        """What is owed, in words."""
        return str(WHAT_WORDS[self.what])


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody with open reports who is to be shut out, or was (times are UTC)."""

    id: UUID
    person_id: int
    name: str
    asked_by: int
    asker: str
    asked_at: datetime
    reason: str
    taken: bool
    agreer: str
    done_at: datetime | None
    #: How their way in stands: "" (none), "waits", "used", "over".
    way: str


@dataclass(frozen=True, slots=True)
class OwnerLeft:
    """That the owner of a duty was shut out while it was open (UTC), and why."""

    at: datetime
    taken: bool
    #: "": the viewer may not read it.
    reason: str


def open_duties(person_id: int, now: datetime) -> list[OpenDuty]:
    """Return what somebody would leave open; call inside ``viewing``.

    To an administrator, those alone that are kept from nobody: all of them see the same. Nothing
    for anybody else who may not decide about it, nor where one of these is kept from them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference, what, due, zone FROM api.leaving_duties(p_person => %s)", [person_id]
        )
        return [
            OpenDuty(reference, what, due, zone, late=due is not None and due <= now)
            for reference, what, due, zone in cursor.fetchall()
        ]


def held(viewer: Viewer, person_id: int) -> str | None:
    """Return where it is decided whether somebody with open reports is shut out (plug.Manifest)."""
    if not may(viewer, DutyRight.SHUT_OUT):
        return None
    return reverse("mandated:leaver", args=[person_id]) if is_held(person_id) else None


def is_held(person_id: int) -> bool:
    """Tell an administrator whether somebody has open reports; call inside ``viewing``.

    Also whoever such a report is kept from: who is told otherwise would know that it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.leaving_held(p_person => %s)", [person_id])
        return bool(cursor.fetchone() == (True,))


def leavers() -> list[Leaver]:
    """Return whom the viewer may decide about, or did, the newest first; call in ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, person_id, person, asked_by, asker, asked_at, reason, taken, agreer, "
            "done_at, way FROM api.shuttings()"
        )
        rows = cursor.fetchall()
    return [
        Leaver(
            id=row[0],
            person_id=row[1],
            name=opened(Person, "name", row[2]),
            asked_by=row[3],
            asker=opened(Person, "name", row[4]),
            asked_at=row[5],
            reason=opened(Shutting, "reason", row[6]),
            taken=row[7],
            agreer=opened(Person, "name", row[8]),
            done_at=row[9],
            way=row[10],
        )
        for row in rows
    ]


def owners_left(duties: Iterable[UUID]) -> dict[UUID, OwnerLeft]:
    """Return which duties' owners were shut out while they were open; call inside ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT duty, at, taken, reason FROM api.owner_left(p_duties => %s)", [list(duties)]
        )
        return {
            duty: OwnerLeft(at, taken, opened(Shutting, "reason", sealed))
            for duty, at, taken, sealed in cursor.fetchall()
        }


def stand_in_of(duty_id: UUID) -> tuple[StandIn | None, bool]:
    """Return who answered for the file in a duty, and whether the viewer may; in ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mandated_may_stand_for(p_duty => %s)", [duty_id])
        row = cursor.fetchone()
    return StandIn.objects.filter(pk=duty_id).first(), bool(row and row[0])


def opened(model: Any, column: str, sealed: bytes | memoryview | None) -> str:
    """Return a sealed column that a function gave, as text; "" for none."""
    field = model._meta.get_field(column)
    return "" if sealed is None else str(field.from_db_value(bytes(sealed), None, connection))
