"""What the worker does: what each employee owes next is worked out, once a day and as facts change.

All of it can be made again out of employees, completions and rules: whatever becomes of a process,
the next one finds who has not been seen to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q

from upstander.base.moment import database_now
from upstander.people.models import Person
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.states.training import Owed
from upstander.training.days import day_of
from upstander.training.due_dates import Done, Employed, NextDue, next_due
from upstander.training.models import Completion, Due, Employee
from upstander.training.reminders import first_reminder

BATCH: Final = 500


def sweep_dues() -> int:
    """See to employees whom nobody has seen to today, or since something changed; of how many."""
    seen = 0
    for district in District.objects.order_by("pk"):
        with transaction.atomic():
            today = day_of(district, database_now())
            rules = law_of(district).training
            waiting = Employee.objects.filter(district_id=district.pk).filter(
                Q(renewed_on=None) | Q(renewed_on__lt=today)
            )
            people = list(waiting.order_by("pk").select_for_update(skip_locked=True)[:BATCH])
            if people:
                _renew(people, rules.owed if rules else (), today)
            seen += len(people)
    return seen


def _renew(people: list[Employee], rules: Iterable[Owed], today: date) -> None:
    done: dict[int, list[Completion]] = defaultdict(list)
    for row in Completion.objects.filter(employee__in=people).order_by("completed_on", "pk"):
        done[row.employee_id].append(row)
    open_dues: dict[int, dict[str, Due]] = defaultdict(dict)
    for due in Due.objects.filter(employee__in=people, met_by=None, ended_on=None):
        open_dues[due.employee_id][due.rule] = due
    accounts = _accounts(people)
    changed: list[Due] = []
    new: list[Due] = []
    for one in people:
        own = open_dues[one.pk]
        for rule in rules:
            found = next_due(rule, employed(one), _dones(done[one.pk]), today)
            standing = own.pop(rule.key, None)
            if standing is not None and not _same(standing, found):
                _end(standing, rule.course, done[one.pk], today)
                changed.append(standing)
                standing = None
            if found is not None and standing is None:
                new.append(_made(one, rule, found, today))
            elif found is not None and standing is not None and standing.due_on != found.due_on:
                standing.due_on = found.due_on
                standing.remind_on = first_reminder(found.due_on, today)
                changed.append(standing)
        for gone in own.values():
            # Its rule asks for nothing any more.
            _end(gone, "", [], today)
            changed.append(gone)
        one.renewed_on = today
        one.person_id = one.person_id or accounts.get(one.email.lower())
    fields = ("due_on", "remind_on", "met_by", "ended_on", "link_hash")
    Due.objects.bulk_update(changed, fields)
    Due.objects.bulk_create(new)
    Employee.objects.bulk_update(people, ("renewed_on", "person_id"))


def employed(row: Employee) -> Employed:
    """Return what due dates are worked out of."""
    return Employed(row.job, row.hired_on, row.left_on, row.away_from, row.away_until)


def _dones(rows: Iterable[Completion]) -> list[Done]:
    return [Done(row.course, row.completed_on) for row in rows]


def _same(due: Due, found: NextDue | None) -> bool:
    return found is not None and (due.course, due.since) == (found.course, found.since)


def _end(due: Due, whole: str, done: Iterable[Completion], today: date) -> None:
    """End what is owed no more: met by the first since, the whole course too, or not at all."""
    fits = (d for d in done if d.course in (due.course, whole) and d.completed_on >= due.since)
    due.met_by = next(fits, None)
    due.ended_on = today if due.met_by is None else None
    due.remind_on = due.link_hash = None


def _made(one: Employee, rule: Owed, found: NextDue, today: date) -> Due:
    return Due(
        employee=one,
        rule=rule.key,
        course=found.course,
        since=found.since,
        due_on=found.due_on,
        remind_on=first_reminder(found.due_on, today),
    )


def _accounts(people: Iterable[Employee]) -> dict[str, int]:
    sought = {one.email.lower() for one in people if one.email and one.person_id is None}
    rows = Person.objects.filter(email__in=sought, is_active=True).values_list("email", "pk")
    return {email.lower(): pk for email, pk in rows}
