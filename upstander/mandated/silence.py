"""Who hears of it when whoever opened a matter of abuse doesn't answer, or nobody reads their no.

Their supervisor or lead within the hour, by phone before four, then the district's compliance
lead; after a day, or at once where they have gone, the compliance lead is asked to answer for the
file (for_file.py). It goes on until it is settled: the database lets nobody take the last row away.

While who must not see the matter is not settled it goes no further than the center's supervisors,
and its counselors are asked to settle that: any office may be whom the reporter means. Nor does it
while it is a talk that the center keeps to itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from upstander.base.moment import database_second
from upstander.carriers.notices import tell
from upstander.mandated.actions.answers import MOST_SELDOM, SETTLED, standings
from upstander.mandated.models import Asked, FileAnswer
from upstander.mandated.recipients import depending_on, officers_of, outside
from upstander.matters.exclusions import Exclusions
from upstander.people.keys import person_mac
from upstander.people.models import Membership
from upstander.people.roles import DISTRICT_OFFICE, Role, TeamKind
from upstander.places.models import District
from upstander.tips.actions.not_see import is_held, matter_unsettled

#: From whom matters are kept; a matter that is kept from nobody has no row.
type Excluded = dict[UUID, Exclusions]

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
_FOR_FILE = DISTRICT_OFFICE


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
        excluded = excluded_in({row.matter_id for row in rows})
        _look_again(rows, excluded)
        stands = standings(row.pk for row in rows)
        for row in rows:
            if stands[row.pk] in SETTLED:
                row.climb_at = None
                if stands[row.pk] == "for_file":
                    row.remind_at = None
                continue
            _climb(row, now, excluded, silent=stands[row.pk] == "silent")
        Asked.objects.bulk_update(rows, ["climb_at", "climbed", "gone_at", "for_file", "remind_at"])
    return len(rows)


def _climb(row: Asked, now: datetime, excluded: Excluded, *, silent: bool) -> None:
    if row.gone_at is None and (
        is_excluded(row.person_id, row.matter_id, excluded) or _has_left(row)
    ):
        row.gone_at = now
    since = row.climb_since or row.asked_at
    step = Step.FILE if row.gone_at else reached(now - since)
    unsettled = matter_unsettled(row.matter_id)
    if unsettled or (row.tip_id is not None and is_held(row.tip_id)):
        step = min(step, Step.PHONE)
        _climb_at_center(row, step, since, now, excluded, silent=silent, unsettled=unsettled)
        return
    if step >= Step.OFFICE:
        row.for_file = officer_for(row, excluded)
    if step is Step.FILE or step > row.climbed:
        _tell(row, step, _supervisors(row, excluded), silent=silent)
    row.climbed, row.climb_at = step, next_climb(since, step, now)


def _climb_at_center(
    row: Asked,
    step: Step,
    since: datetime,
    now: datetime,
    excluded: Excluded,
    *,
    silent: bool,
    unsettled: bool,
) -> None:
    row.for_file = None
    people = _found_above(row, center=True)
    above = [one for one in people if not is_excluded(one, row.matter_id, excluded)]
    again = step is Step.PHONE
    if step > row.climbed or again:
        _tell(row, step, above, silent=silent and row.gone_at is None)
        if unsettled and (again or not above):
            for person in counselors_of(row.district_id):
                if not is_excluded(person, row.matter_id, excluded):
                    tell(person, "settle_asked")
    row.climbed = step
    row.climb_at = now + MOST_SELDOM if again else next_climb(since, step, now)


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


def _supervisors(row: Asked, excluded: Excluded) -> list[int]:
    """Return who is above somebody: their center's supervisors, or the leads of their teams.

    Where there is none, or only themselves, the office for mandated reports hears at once.
    """
    people = _found_above(row, center=row.center)
    told = [one for one in people if not is_excluded(one, row.matter_id, excluded)]
    if told:
        return told
    officer = row.for_file or officer_for(row, excluded)
    return [] if officer is None else [officer]


def _found_above(row: Asked, *, center: bool) -> list[int]:
    if center:
        near = _at_center(row.district_id)
    else:
        own = Membership.objects.filter(person_id=row.person_id).values("team_id")
        near = Membership.objects.filter(team_id__in=own, team__district_id=row.district_id)
    found = near.filter(role__in=_SUPERVISING, person__is_active=True)
    return sorted(set(found.exclude(person_id=row.person_id).values_list("person_id", flat=True)))


def _at_center(district_id: int) -> QuerySet[Membership]:
    center = District.objects.values_list("center_id", flat=True).get(pk=district_id)
    return Membership.objects.filter(team__kind=TeamKind.CENTER, team__center_id=center)


def counselors_of(district_id: int) -> list[int]:
    """Return everybody at the center of a district; which matters are kept from them is apart."""
    active = _at_center(district_id).filter(person__is_active=True)
    return sorted(set(active.values_list("person_id", flat=True)))


def _look_again(rows: Sequence[Asked], excluded: Excluded) -> None:
    """Give back, or not, what stopped counting as somebody was kept out (``mandated_excluded``).

    An answer for the file counts on unless its matter is kept from whoever gave it, or from whom
    they depend on; what they reported by phone lifts nothing any more.
    """
    given: defaultdict[int, list[int]] = defaultdict(list)
    for asked_id, person in FileAnswer.objects.filter(asked__in=rows).values_list(
        "asked_id", "person_id"
    ):
        given[asked_id].append(person)
    back = []
    for row in rows:
        out = _out_of_office(row, excluded)
        counts = [
            one
            for one in given[row.pk]
            if one not in out and not is_excluded(one, row.matter_id, excluded)
        ]
        if row.for_file is None and counts:
            row.for_file = counts[-1]
            back.append(row)
    Asked.objects.bulk_update(back, ["for_file"])
    with connection.cursor() as cursor:
        for matter in excluded:
            cursor.execute("SELECT * FROM api.reporters(p_matter => %s)", [matter])
            people = [person for (person,) in cursor.fetchall()]
            doubted = [one for one in people if is_excluded(one, matter, excluded)]
            if doubted:
                cursor.execute(
                    "SELECT api.doubt_reports(p_matter => %s, p_people => %s)", [matter, doubted]
                )


def _out_of_office(row: About, excluded: Excluded) -> set[int]:
    """Return who in the district's office a matter is kept from, with whoever depends on them."""
    found = outside(officers_of(row.district_id))
    kept = {o.person_id for o in found if is_excluded(o.person_id, row.matter_id, excluded)}
    return kept | depending_on(found, kept)


class About(Protocol):
    """Something that somebody owes in a matter: an answer, or a report."""

    person_id: int
    matter_id: UUID
    district_id: int


def officer_for(row: About, excluded: Excluded) -> int | None:
    """Return who answers for the file: the compliance lead, or the next who may, outside of it.

    Not whoever owes the answer, nor whom the matter is kept from, nor who depends on them.
    """
    out = {row.person_id} | _out_of_office(row, excluded)
    found = outside(officers_of(row.district_id))
    able = [one for one in found if one.role in _FOR_FILE and one.person_id not in out]
    able.sort(key=lambda one: (_FOR_FILE.index(one.role), one.person_id))
    return able[0].person_id if able else None


def _has_left(row: Asked) -> bool:
    """Tell whether somebody is in no team any more by which they could open it."""
    memberships = Membership.objects.filter(person_id=row.person_id, person__is_active=True)
    if row.center:
        return not memberships.filter(team__kind=TeamKind.CENTER).exists()
    return not memberships.filter(team__district_id=row.district_id).exists()


def is_excluded(person: int, matter: UUID, excluded: Excluded) -> bool:
    """Tell whether a matter is kept from somebody, by what ``excluded_in`` returned."""
    return matter in excluded and person_mac(person) in excluded[matter]


def excluded_in(matters: set[UUID]) -> Excluded:
    """Return, for each of these matters that is kept from anybody, from whom."""
    if not matters:
        return {}
    found: defaultdict[UUID, list[bytes]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter, exclusion FROM api.asked_exclusions(%s)", [list(matters)])
        for matter, exclusion in cursor.fetchall():
            found[matter].append(exclusion)
    return {matter: Exclusions.told(exclusions) for matter, exclusions in found.items()}
