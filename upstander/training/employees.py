"""What a personnel file would change: judged row by row, nothing saved."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.people.importing.preview import Judged
from upstander.people.place_names import plain_name
from upstander.people.scope import Viewer
from upstander.places.models import School
from upstander.standards.csv_tables import TableRow, read_table
from upstander.training.models import Employee
from upstander.training.rights import CARRIED_BY, TrainingRight
from upstander.vault.envelopes import bind

NEEDED = ("number", "name", "job", "hired_on")
COLUMNS = (
    "number",
    "name",
    "email",
    "school",
    "job",
    "hired_on",
    "left_on",
    "away_from",
    "away_until",
)
_MONTH_FIRST = "%m/%d/%Y"


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """A row of the file, and what becomes of it; None: nothing."""

    judged: Judged
    employee: Employee | None


def own_district(viewer: Viewer) -> int:
    """Return the district whose employees the viewer keeps. Raises Refused for none or several."""
    roles = CARRIED_BY[TrainingRight.KEEP_LEDGER]
    found = {one.district_id for one in viewer.memberships if one.role in roles}
    [*ids] = found - {None}
    if len(ids) != 1:
        raise Refused(gettext("Sign in for one district alone to read its employees in."))
    return int(ids[0] or 0)


def number_mark(district_id: int, number: str) -> bytes:
    """Return what is kept of a staff number: found again with the key file, read by nobody."""
    key = hmac.digest(settings.PERSON_PEPPER, bind("employee", district_id), "sha256")
    return hmac.digest(key, number.strip().casefold().encode(), "sha256")


def judge_employees(viewer: Viewer, text: str) -> tuple[Iterator[EmployeeRow], tuple[str, ...]]:
    """Judge a personnel file; call inside ``viewing``. Also returns unknown columns.

    Somebody is known again by their staff number. Who is missing stays: only ``left_on`` ends what
    somebody owes, so that half a file takes nobody away. Raises Refused.
    """
    table = read_table(text, columns=COLUMNS, needed=NEEDED)
    district = own_district(viewer)
    lines = list(table.lines)
    marks = [number_mark(district, line.cells.get("number", "")) for line in lines]
    standing: dict[bytes, Employee] = {
        bytes(one.number_mark): one
        for one in Employee.objects.filter(district_id=district, number_mark__in=marks).order_by(
            "hired_on"
        )
    }
    schools = {
        name: one.pk
        for one in School.objects.filter(district_id=district)
        for name in (plain_name(one.name), one.slug)
    }
    seen: set[bytes] = set()

    def rows() -> Iterator[EmployeeRow]:
        for line, mark in zip(lines, marks, strict=True):
            if mark in seen:
                yield _wrong(line, gettext("This staff number stands in the file twice."))
                continue
            seen.add(mark)
            yield _judged(line, district, mark, standing.get(mark), schools)

    return rows(), table.unknown


def _judged(
    line: TableRow, district: int, mark: bytes, known: Employee | None, schools: Mapping[str, int]
) -> EmployeeRow:
    cells = line.cells
    errors = [
        gettext("Column %(name)s is empty.") % {"name": name} for name in NEEDED if not cells[name]
    ]
    days = {name: _day(cells.get(name, ""), name, errors) for name in COLUMNS[-4:]}
    school = cells.get("school", "")
    school_id = schools.get(plain_name(school)) if school else None
    if school and school_id is None:
        errors.append(gettext("There is no school called “%(name)s”.") % {"name": school})
    email = cells.get("email", "").lower()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        errors.append(gettext("This is no email address."))
    hired, left = days["hired_on"], days["left_on"]
    away, back = days["away_from"], days["away_until"]
    if (hired and left and left < hired) or (back and not (away and away <= back)):
        errors.append(gettext("These days are in the wrong order."))
    again = known is not None and hired is not None and hired != known.hired_on
    if known is not None and again and not (known.left_on and hired and known.left_on < hired):
        errors.append(
            gettext("Hired on %(day)s by an earlier file, and has not left before this day.")
            % {"day": known.hired_on}
        )
    if errors or hired is None:
        return _wrong(line, *errors)
    said = {
        "school_id": school_id,
        "job": cells["job"].casefold()[:60],
        "name": cells["name"][:120],
        "email": email,
        "left_on": left,
        "away_from": away,
        "away_until": back,
    }
    if known is None or again:
        made = Employee(district_id=district, number_mark=mark, hired_on=hired, **said)
        told = gettext("hired again") if again else ""
        return EmployeeRow(Judged(line.number, cells["name"], "new", (), told), made)
    changed = [name for name, value in said.items() if getattr(known, name) != value]
    if not changed:
        return EmployeeRow(Judged(line.number, cells["name"], "same"), None)
    for name in changed:
        setattr(known, name, said[name])
    return EmployeeRow(Judged(line.number, cells["name"], "changed", (), ", ".join(changed)), known)


def _day(cell: str, name: str, errors: list[str]) -> date | None:
    if not cell:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        pass
    try:
        return datetime.strptime(cell, _MONTH_FIRST).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        errors.append(
            gettext("Column %(name)s: write a day as 2026-09-01 or 9/1/2026.") % {"name": name}
        )
        return None


def _wrong(line: TableRow, *problems: str) -> EmployeeRow:
    return EmployeeRow(Judged(line.number, line.cells.get("name", ""), "wrong", problems), None)
