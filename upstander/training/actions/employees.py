"""Saving what the preview of a personnel file has shown, all in one transaction or not at all."""

from __future__ import annotations

from collections import Counter

from upstander.audit.actions import record
from upstander.people.scope import Viewer, viewing
from upstander.training.employees import judge_employees, own_district
from upstander.training.models import Employee

_FIELDS = ("school_id", "job", "left_on", "away_from", "away_until", "name", "email", "renewed_on")


def import_employees(viewer: Viewer, text: str) -> Counter[str]:
    """Add and change a district's employees; the worker then sees to what each owes.

    The file is judged once more. Returns how many rows were of each status. Raises Refused.
    """
    with viewing(viewer):
        rows, _ = judge_employees(viewer, text)
        counts: Counter[str] = Counter()
        new: list[Employee] = []
        for row in rows:
            counts[row.judged.status] += 1
            if row.employee is None:
                continue
            if row.judged.status == "new":
                new.append(row.employee)
            else:
                row.employee.renewed_on = None
                row.employee.save(update_fields=_FIELDS)
        Employee.objects.bulk_create(new)
        district = own_district(viewer)
        record(
            "employees read in",
            actor=viewer,
            subject_kind="training",
            subject_id=district,
            district_id=district,
            detail={name: counts[name] for name in ("new", "changed", "same", "wrong")},
        )
    return counts
