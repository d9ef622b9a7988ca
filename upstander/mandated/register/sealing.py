"""To whom an entry is sealed: the named roles, and nobody who merely files it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from upstander.mandated.recipients import Officer
from upstander.mandated.register.rules import READERS
from upstander.places.folders import holders_for, person_holder
from upstander.places.models import Team
from upstander.places.roles import TeamKind

KIND = "register"


def holders_of_readers(
    district_id: int, matter_id: UUID | None, officers: Iterable[Officer], may: Iterable[int]
) -> list[tuple[str, str]]:
    """Return whom to seal an entry to; call inside ``viewing``.

    The district office's team where all of it may read, so that whoever follows in a role reads
    what was there before them; else single persons.
    """
    allowed = set(may)
    district = [one for one in officers if one.school_id is None and one.role in READERS]
    teams = Team.objects.filter(kind=TeamKind.OFFICE, district_id=district_id, school__isnull=True)
    if district and {one.person_id for one in district} <= allowed:
        return holders_for(matter_id, teams)
    return [person_holder(person) for person in may]
