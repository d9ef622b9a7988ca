"""Questions about what somebody opened and reaches no more: it went back to the center.

They opened the words, so the law asks them, and an answer is all that is taken. What stands here
names a tip by its number and gives none of its words; the answer page is ``triage/away.py``, as it
takes a hand-off's key to seal a reason for the center.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.http import Http404

from upstander.cases.models import Case
from upstander.mandated.models import Asked
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.tips.models import Tip

#: The teams that a tip is handed to. The center keeps what it has.
_OPENERS: Final = (TeamKind.SCHOOL, TeamKind.DISTRICT, TeamKind.OFFICE, TeamKind.STAFF)


@dataclass(frozen=True, slots=True)
class Away:
    """Something that its opener reaches no more and still owes an answer to (times are UTC)."""

    id: int
    tip_id: UUID
    reference: str
    school_id: int | None
    district_id: int
    matter_id: UUID
    asked_at: datetime
    #: A no of theirs waits for somebody to read it.
    waits: bool


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A question that its viewer owes an answer to, and where it is answered (UTC)."""

    href: str
    reference: str
    asked_at: datetime
    waits: bool = False


def asked_of(viewer: Viewer) -> list[AskedOf]:
    """Return every question that the viewer still owes, oldest first; call inside ``viewing``.

    Also a no that waits for a reader, where those who could read it have the tip no more.
    """
    found = [
        AskedOf(f"/answers/away/{one.tip_id}", one.reference, one.asked_at, one.waits)
        for one in away(viewer)
    ]
    rows = Asked.objects.filter(person_id=viewer.person_id, answered_at__isnull=True)
    tips = {row.tip_id: row for row in rows if row.tip_id}
    cases = {row.case_id: row for row in rows if row.case_id}
    page = "/tips/{}" if viewer.kind is TeamKind.CENTER else "/team/{}"
    found += [
        AskedOf(page.format(tip.pk), tip.reference, tips[tip.pk].asked_at)
        for tip in Tip.objects.filter(pk__in=tips)
    ]
    if cases:
        found += [
            AskedOf(f"/cases/{case.pk}", case.reference, cases[case.pk].asked_at)
            for case in Case.objects.filter(pk__in=cases)
        ]
    return sorted(
        {one.href: one for one in found}.values(), key=lambda one: (one.asked_at, one.href)
    )


def away(viewer: Viewer) -> list[Away]:
    """Return what the viewer owes and reaches no more, oldest first; call inside ``viewing``."""
    if viewer.kind not in _OPENERS:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.answers_away()")
        return [Away(*row) for row in cursor.fetchall()]


def away_one(viewer: Viewer, tip_id: UUID) -> Away:
    """Return what they owe about one tip; call inside ``viewing``. Raises Http404."""
    one = next((one for one in away(viewer) if one.tip_id == tip_id), None)
    if one is None:
        raise Http404
    return one
