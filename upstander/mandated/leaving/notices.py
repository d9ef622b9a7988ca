"""Who hears that somebody with open reports is to be shut out, or was.

The worker tells it, since it alone can say whom an exclusion means: nobody from whom one of these
reports is kept hears of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from upstander.base.moment import database_second
from upstander.carriers.notices import tell
from upstander.mandated.leaving.models import Shutting
from upstander.mandated.models import Deadline, Duty
from upstander.mandated.recipients import officers_of
from upstander.mandated.silence import Excluded, excluded_in, is_excluded, officer_for
from upstander.people.models import Membership
from upstander.people.roles import Role, TeamKind
from upstander.tips.actions.not_see import matter_unsettled

#: So often a second person is asked while nobody has decided.
AGAIN: Final = timedelta(hours=12)
_BATCH: Final = 50


def sweep_leaving() -> int:
    """Tell whoever has to decide, or to know; returns of how many people."""
    with transaction.atomic():
        now = database_second()
        rows = list(
            Shutting.objects.filter(tell_at__lte=now)
            .order_by("tell_at", "pk")
            .select_for_update(skip_locked=True)[:_BATCH]
        )
        for row in rows:
            duties = _open_duties(row, now)
            excluded = excluded_in({duty.matter_id for duty in duties})
            if row.done_at is None:
                _ask(row, duties, excluded, now)
                row.tell_at = now + AGAIN
            else:
                _tell(row, duties, excluded, now)
                row.tell_at = None
        Shutting.objects.bulk_update(rows, ["tell_at"])
    return len(rows)


def _open_duties(row: Shutting, now: datetime) -> list[Duty]:
    """Return what was open when they were shut out, or is now."""
    at = row.done_at or now
    owed = Deadline.objects.filter(owner="reporter", met_at=None).values("duty_id")
    return list(
        Duty.objects.filter(person_id=row.person_id, opened_at__lte=at).filter(
            Q(written_at=None) | Q(written_recorded_at__gt=at) | Q(pk__in=owed)
        )
    )


def _ask(row: Shutting, duties: Sequence[Duty], excluded: Excluded, now: datetime) -> None:
    """Ask the other administrators and the compliance leads for a decision.

    Where none of them may give one, the next office: the superintendents, then the chairs. Where
    nobody is left at all, the outside monitors are told that it waits.
    """
    administrators = Membership.objects.filter(role=Role.ADMINISTRATOR, person__is_active=True)
    officers = [one for place in _known_in(duties) for one in officers_of(place)]

    def holding(role: Role) -> set[int]:
        return {one.person_id for one in officers if one.role == role}

    first = set(administrators.values_list("person_id", flat=True))
    for able in (
        first | holding(Role.COMPLIANCE_LEAD),
        holding(Role.SUPERINTENDENT),
        holding(Role.BOARD_CHAIR),
    ):
        asked = [
            person
            for person in sorted(able - {row.asked_by, row.person_id})
            if not any(is_excluded(person, matter, excluded) for matter in excluded)
        ]
        for person in asked:
            tell(person, "shutting_asked", {"person": row.person_id})
        if asked:
            return
    for person in _watching(duties, excluded, now):
        tell(person, "shutting_nobody")


def _known_in(duties: Iterable[Duty]) -> set[int]:
    """Return in which districts an office may know of one of them.

    While it is not settled who must not see its matter, a report is known to its owner alone.
    """
    return {duty.district_id for duty in duties if not matter_unsettled(duty.matter_id)}


def _watching(duties: Iterable[Duty], excluded: Excluded, now: datetime) -> list[int]:
    """Return the outside monitors of these reports' districts, each once for each district."""
    found = []
    for duty in {duty.district_id: duty for duty in duties}.values():
        watching = Membership.objects.filter(
            team__kind=TeamKind.MONITOR,
            team__district_id=duty.district_id,
            until__gt=now,
            person__is_active=True,
        )
        found += [
            person
            for person in sorted(set(watching.values_list("person_id", flat=True)))
            if not is_excluded(person, duty.matter_id, excluded)
        ]
    return found


def _tell(row: Shutting, duties: list[Duty], excluded: Excluded, now: datetime) -> None:
    """Tell the compliance lead (or the next), the outside monitors, and whose reports they are."""
    known = [duty for duty in duties if not matter_unsettled(duty.matter_id)]
    officers = {officer_for(duty, excluded) for duty in known} - {None}
    for person in sorted(one for one in officers if one is not None):
        tell(
            person,
            "shutting_taken" if row.taken else "shutting_done",
            {"person": row.person_id},
        )
    for person in _watching(duties, excluded, now):
        tell(person, "shutting_monitor")
    tell(row.person_id, "own_taken" if row.taken else "own_shut")
