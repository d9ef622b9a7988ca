"""Offices, employees and the worker, for the tests of the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from upstander.people.models import Person
from upstander.training.employees import number_mark
from upstander.training.models import Employee
from upstander.training.reminders import sweep_reminders
from upstander.training.renewing import sweep_dues


def as_worker(sweep: Any) -> int:
    """Do a sweep with the rights of the worker's own login."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        try:
            return int(sweep())
        finally:
            cursor.execute("RESET ROLE")


def renew() -> int:
    """Let the worker see to what everybody owes."""
    return as_worker(sweep_dues)


def remind() -> int:
    """Let the worker ask for what falls due."""
    return as_worker(sweep_reminders)


def employ(
    district: Any,
    school: Any,
    name: str,
    hired_on: date,
    *,
    person: Person | None = None,
    **more: Any,
) -> Employee:
    """Employ somebody, as a personnel file would."""
    row = Employee(
        district_id=district.pk,
        school_id=school.pk if school else None,
        job=more.pop("job", "teacher"),
        hired_on=hired_on,
        number_mark=number_mark(district.pk, name),
        name=name,
        email=more.pop("email", person.email if person else ""),
        **more,
    )
    row.save()
    return row


__all__ = ["employ", "remind", "renew"]
