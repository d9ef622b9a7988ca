"""Who hears of it when whoever opened a matter of abuse doesn't answer, or nobody reads their no.

Their supervisor or lead within the hour, by phone before four, then the district's compliance
lead; after a day, or at once where they have gone, the compliance lead is asked to answer for the
file (for_file.py). It goes on until it is settled: the database lets nobody take the last row away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, Protocol
from uuid import UUID

from django.db import connection, transaction

from upstander.base.moment import database_second
from upstander.carriers.notices import tell
from upstander.mandated.answers import SETTLED, standings
from upstander.mandated.models import Asked
from upstander.mandated.recipients import Officer, officers_of
from upstander.places.bars import Bars
from upstander.places.keys import person_mac
from upstander.places.models import District, Membership
from upstander.places.roles import Role, TeamKind

#: From whom matters are kept; a matter that is kept from nobody has no row.
type Barred = dict[UUID, Bars]

_BATCH: Final = 50


class Step(IntEnum):
    """How far a silence has climbed."""

    NOBODY = 0
    SUPERVISOR = 1
    PHONE = 2
    OFFICE = 3
    FILE = 4


#: How long after the question (or the no) each is reached; by phone a little before four hours.
AFTER: Final = {
    Step.SUPERVISOR: timedelta(hours=1),
    Step.PHONE: timedelta(hours=3, minutes=45),
    Step.OFFICE: timedelta(hours=5),
    Step.FILE: timedelta(hours=24),
}
#: Then it is said again so often.
AGAIN: Final = timedelta(hours=12)
_SUPERVISING = (Role.CENTER_SUPERVISOR, Role.TEAM_LEAD, Role.DISTRICT_LEAD)
#: Who answers for the file: the first of these who may.
_FOR_FILE = (Role.COMPLIANCE_LEAD, Role.SUPERINTENDENT, Role.BOARD_CHAIR)


def reached(waited: timedelta) -> Step:
    """Return how far something has climbed that has waited so long."""
    return max((step for step, after in AFTER.items() if after <= waited), default=Step.NOBODY)


def next_climb(since: datetime, step: Step, now: datetime) -> datetime:
    """Return when somebody is told next, after ``step`` was taken (UTC)."""
    if step is Step.FILE:
        return now + AGAIN
    return max(since + AFTER[Step(step + 1)], now)


def sweep_silence() -> int:
    """Tell those above whoever stays silent; returns for how many questions."""
    with transaction.atomic():
        now = database_second()
        due = Asked.objects.filter(climb_at__lte=now).order_by("climb_at", "pk")
        rows = list(due.select_for_update(skip_locked=True)[:_BATCH])
        if not rows:
            return 0
        stands, barred = standings(row.pk for row in rows), barred_in({r.matter_id for r in rows})
        for row in rows:
            if stands[row.pk] in SETTLED:
                row.climb_at = None
                continue
            _climb(row, now, barred, silent=stands[row.pk] == "silent")
        Asked.objects.bulk_update(rows, ["climb_at", "climbed", "gone_at", "for_file"])
    return len(rows)


def _climb(row: Asked, now: datetime, barred: Barred, *, silent: bool) -> None:
    if row.gone_at is None and (is_barred(row.person_id, row.matter_id, barred) or _has_left(row)):
        row.gone_at = now
    since = row.climb_since or row.asked_at
    step = Step.FILE if row.gone_at else reached(now - since)
    if step >= Step.OFFICE:
        row.for_file = officer_for(row, barred)
    if step is Step.FILE or step > row.climbed:
        _tell(row, step, _supervisors(row, barred), silent=silent)
    row.climbed, row.climb_at = step, next_climb(since, step, now)


def _tell(row: Asked, step: Step, above: Sequence[int], *, silent: bool) -> None:
    who = {"person": row.person_id}
    if step is Step.PHONE and silent:
        tell(row.person_id, "suspicion_asked_now")
    # Nobody above them, or nobody in the office: whoever there is hears of it in their place.
    if step >= Step.OFFICE and row.for_file is not None:
        tell(row.for_file, "suspicion_office" if step is Step.OFFICE else "suspicion_file", who)
        if step is Step.OFFICE:
            return
    by_phone = step is Step.PHONE or (step >= Step.OFFICE and row.for_file is None)
    for person in above:
        tell(person, "suspicion_silent_now" if by_phone else "suspicion_silent", who)


def _supervisors(row: Asked, barred: Barred) -> list[int]:
    """Return who is above somebody: their center's supervisors, or the leads of their teams.

    Where there is none, or only themselves, the office for mandated reports hears at once.
    """
    if row.center:
        center = District.objects.values_list("center_id", flat=True).get(pk=row.district_id)
        near = Membership.objects.filter(team__kind=TeamKind.CENTER, team__center_id=center)
    else:
        own = Membership.objects.filter(person_id=row.person_id).values("team_id")
        near = Membership.objects.filter(team_id__in=own, team__district_id=row.district_id)
    found = near.filter(role__in=_SUPERVISING, person__is_active=True).exclude(
        person_id=row.person_id
    )
    people = sorted(set(found.values_list("person_id", flat=True)))
    told = [one for one in people if not is_barred(one, row.matter_id, barred)]
    if told:
        return told
    officer = row.for_file or officer_for(row, barred)
    return [] if officer is None else [officer]


class About(Protocol):
    """Something that somebody owes in a matter: an answer, or a report."""

    person_id: int
    matter_id: UUID
    district_id: int


def officer_for(row: About, barred: Barred) -> int | None:
    """Return who answers for the file: the compliance lead, or the next who may, outside of it.

    Not whoever owes the answer, nor whom the matter is kept from, nor who depends on them.
    """
    found = [one for one in officers_of(row.district_id) if one.school_id is None]
    kept = {one.role for one in found if is_barred(one.person_id, row.matter_id, barred)}

    def may(one: Officer) -> bool:
        if one.person_id == row.person_id or is_barred(one.person_id, row.matter_id, barred):
            return False
        return one.role != Role.COMPLIANCE_LEAD or Role.SUPERINTENDENT not in kept

    able = [one for one in found if one.role in _FOR_FILE and may(one)]
    able.sort(key=lambda one: (_FOR_FILE.index(one.role), one.person_id))
    return able[0].person_id if able else None


def _has_left(row: Asked) -> bool:
    """Tell whether somebody is in no team any more by which they could open it."""
    posts = Membership.objects.filter(person_id=row.person_id, person__is_active=True)
    if row.center:
        return not posts.filter(team__kind=TeamKind.CENTER).exists()
    return not posts.filter(team__district_id=row.district_id).exists()


def is_barred(person: int, matter: UUID, barred: Barred) -> bool:
    """Tell whether a matter is kept from somebody, by what ``barred_in`` returned."""
    return matter in barred and person_mac(person) in barred[matter]


def barred_in(matters: set[UUID]) -> Barred:
    """Return, for each of these matters that is kept from anybody, from whom."""
    if not matters:
        return {}
    found: defaultdict[UUID, list[bytes]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter, bar FROM api.asked_bars(%s)", [list(matters)])
        for matter, bar in cursor.fetchall():
            found[matter].append(bar)
    return {matter: Bars.told(bars) for matter, bars in found.items()}
