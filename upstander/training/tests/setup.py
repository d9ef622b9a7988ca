"""Employees, the worker and courses that were read, for the tests of training."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from upstander.people.models import Person
from upstander.people.scope import Viewer
from upstander.training.actions.courses import review_course
from upstander.training.courses.loading import courses
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


def approve(viewer: Viewer, key: str, *, stands: bool = True) -> None:
    """Have two people read a course in all its languages, or take that back."""
    for language, digest in courses()[key].digests.items():
        readers = ("R. One, clinician", "S. Two, teacher")
        review_course(viewer, key, language, digest, readers=readers, stands=stands)


__all__ = ["approve", "employ", "remind", "renew"]
