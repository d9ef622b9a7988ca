"""Who owes what, for the ledger's pages; call inside ``viewing``: the database shows one's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upstander.mandated.actions.confirming import as_it_stands
from upstander.places.law import law_of
from upstander.places.models import District, School
from upstander.states.training import Owed, TrainingRules
from upstander.training.models import Certification, Due, Employee

#: From how many days before its last day a course is soon due.
SOON: Final = 60
#: How somebody stands, the worst first.
STATES: Final = {
    "late": _("late"),
    "soon": _("due soon"),
    "away": _("excused: on leave"),
    "unseen": _("being worked out"),
    "done": _("up to date"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One course that somebody owes, or somebody who owes none; ``days``: how many late."""

    employee: Employee
    due: Due | None
    state: str
    days: int = 0

    @property
    def words(self) -> str:
        """How they stand, in words."""
        return str(STATES[self.state])


def state_of(employee: Employee, due: Due | None, today: date) -> str:
    """Return how somebody stands with one course; a key of ``STATES``."""
    if due is None:
        return "done" if employee.renewed_on is not None else "unseen"
    if due.due_on is None:
        return "away"
    if due.due_on < today:
        return "late"
    return "soon" if (due.due_on - today).days <= SOON else "done"


def read_lines(today: date, **where: int | None) -> list[Line]:
    """Return how everybody employed today stands, the latest first: two queries.

    ``where`` is the district's or the school's id (``school_id=None``: of no school).
    """
    here = Q(left_on=None) | Q(left_on__gte=today)
    people = Employee.objects.filter(here, hired_on__lte=today, **where)
    return lines_of(people, today)


def lines_of(employees: Iterable[Employee], today: date) -> list[Line]:
    """Return how some employees stand, the latest first: two queries at the most."""
    people = list(employees)
    owed: dict[int, list[Due]] = defaultdict(list)
    for due in Due.objects.filter(employee__in=people, met_by=None, ended_on=None):
        owed[due.employee_id].append(due)
    lines = [
        Line(one, due, state_of(one, due, today), _late(due, today))
        for one in people
        for due in owed[one.pk] or (None,)
    ]
    order = list(STATES)
    lines.sort(
        key=lambda x: (order.index(x.state), -x.days, _by(x.due), x.employee.name.casefold())
    )
    return lines


def _late(due: Due | None, today: date) -> int:
    return 0 if due is None or due.due_on is None else max(0, (today - due.due_on).days)


def _by(due: Due | None) -> date:
    return due.due_on if due is not None and due.due_on is not None else date.max


@dataclass(frozen=True, slots=True)
class ByGroup:
    """How many of a school or a job are employed and late, and the most days late."""

    name: str
    employees: int
    late: int
    days: int
    school_id: int | None = None


def by_group(lines: Iterable[Line], names: Mapping[int, str], none: str) -> list[ByGroup]:
    """Count lines by school, the one with most late first; ``none`` names those of no school."""
    groups: dict[int | None, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.employee.school_id].append(line)
    found = [
        _group(names.get(key, none) if key is not None else none, own, key)
        for key, own in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.late, one.name))


def by_job(lines: Iterable[Line]) -> list[ByGroup]:
    """Count lines by job, the one with most late first."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.employee.job].append(line)
    found = [_group(job, own, None) for job, own in groups.items()]
    return sorted(found, key=lambda one: (-one.late, one.name))


def _group(name: str, lines: list[Line], school_id: int | None) -> ByGroup:
    late = {line.employee.pk for line in lines if line.state == "late"}
    everybody = {line.employee.pk for line in lines}
    most = max((line.days for line in lines), default=0)
    return ByGroup(name, len(everybody), len(late), most, school_id)


def counted(lines: Iterable[Line]) -> Counter[str]:
    """Count lines by state."""
    return Counter(line.state for line in lines)


def rules_of(district: District) -> tuple[Owed, ...]:
    """Return what a district's State asks, with what was confirmed since: one query."""
    file = law_of(district).training
    if file is None:
        return ()
    found: TrainingRules = as_it_stands(file.file, file)
    return found.owed


def year_of(district: District, today: date) -> int:
    """Return the year in which the school year of a day ends."""
    month, day = law_of(district).retention.school_year_ends
    return today.year + ((today.month, today.day) > (month, day))


def standing_certifications(district_id: int, year: int) -> dict[int | None, Certification]:
    """Return what stands for a year by school (None: the district's): the last, if not outdated."""
    rows = Certification.objects.filter(district_id=district_id, year=year).order_by("pk")
    last = {row.school_id: row for row in rows.prefetch_related("findings")}
    return {key: row for key, row in last.items() if not row.findings.all()}


def monitored_counts() -> list[ByGroup]:
    """Return how many a monitor's districts employ and how many are late, by school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT school, employees, late FROM api.training_counts()")
        rows = cursor.fetchall()
    names = dict(School.objects.values_list("pk", "name"))
    found = [ByGroup(names.get(s, ""), n, late, 0, s) for s, n, late in rows]
    return sorted(found, key=lambda one: one.name)
