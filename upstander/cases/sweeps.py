"""What falls due: claims of the excluded, what is to do in a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from upstander.base.moment import database_now
from upstander.carriers.notices import tell
from upstander.cases.models import CaseAction
from upstander.matters.exclusions import Exclusions
from upstander.people.keys import name_in, person_mac
from upstander.people.models import Membership

#: Reminders of one action come at its time and then a day apart, twice; after that weekly.
_DAILY: Final = 3
_BATCH: Final = 50


def sweep_excluded_claims() -> int:
    """Put tips back on the queue that an excluded counselor has claimed; returns how many.

    They see it no more, and nobody else would claim it. Whom an exclusion means the worker alone
    can tell.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tip, claimed_by, exclusions FROM api.claims_with_exclusions()")
        back = 0
        for tip, person, exclusions in cursor.fetchall():
            if person_mac(person) in Exclusions.told(exclusions):
                cursor.execute("SELECT api.put_back_excluded(%s, %s)", [tip, person])
                row = cursor.fetchone()
                back += bool(row and row[0])
    return back


def sweep_case_actions() -> int:
    """Remind of what is due in cases; returns how many reminders were written.

    The first goes to whoever shall do it, later ones to who leads the case too. Whoever the matter
    exclusions or whose share is over hears nothing: then who leads it does, if they may.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM api.case_reminders(%s)", [_BATCH])
            due = cursor.fetchall()
        if not due:
            return 0
        now = database_now()
        teams = _teams({person for row in due for person in (row[1], row[2])})
        for row in due:
            action, owner, lead, reference, follow_up, reminded, exclusions, holders, opened_by = (
                row[:9]
            )
            folder = row[9]
            excluded = Exclusions.told(exclusions)
            may = {
                person
                for person in (owner, lead)
                if person_mac(person) not in excluded
                and (
                    person == opened_by
                    or name_in(person, folder) in holders
                    or teams.get(person, set()) & set(holders)
                )
            }
            first = reminded == 0 and owner in may
            for person in {owner} if first else may:
                kind = "case_follow_up" if follow_up else "case_due"
                tell(person, kind, {"reference": reference})
            pause = timedelta(days=1 if reminded + 1 < _DAILY else 7)
            CaseAction.objects.filter(pk=action, ended_at__isnull=True).update(
                remind_at=now + pause, reminded=reminded + 1
            )
    return len(due)


def _teams(people: set[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for one in Membership.objects.filter(person_id__in=people):
        found.setdefault(one.person_id, set()).add(f"team:{one.team_id}")
    return found
