"""For the walk over all addresses: an employee of each school, what its head signed, a course."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.story import Owners, Story
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.training.actions.certifying import certify_school
from upstander.training.courses.loading import courses
from upstander.training.models import Due
from upstander.training.tests.setup import approve, employ, renew

LEADS = {"maple": "cleo", "harbor": "clara"}


def later(story: Story) -> dict[str, Any]:
    """Give the school a head and the district a superintendent; employ somebody who is late."""
    cast, where = story.cast, story.district
    school = getattr(cast, story.school)
    office = factories.make_team(
        TeamKind.OFFICE, f"{where} head's", cast.keys, district=story.place, school=school
    )
    for name, team, role in (
        (f"head_{where}", office, Role.HEAD_OF_SCHOOL),
        (f"chief_{where}", cast.teams[f"{where}_{TeamKind.OFFICE}"], Role.SUPERINTENDENT),
    ):
        cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
        factories.join(cast.people[name], team, role, cast.keys)
    employee = employ(story.place, school, "Robin Fell", date(2020, 9, 1))
    renew()
    course = courses()["mandated-reporter"]
    approve(story.viewer("ada"), course.key)
    return {
        "course": course.key,
        "number": 1,
        "everybody": cast.people,
        "employee_id": employee.pk,
        "due_id": Due.objects.get(employee=employee).pk,
        "certification_id": certify_school(story.viewer(f"head_{where}"), school.pk, ""),
        "trained_at": where,
    }


def _district(values: dict[str, Any]) -> set[str]:
    where = values["trained_at"]
    return {LEADS[where], f"chief_{where}"}


def _school(values: dict[str, Any]) -> set[str]:
    return {*_district(values), f"head_{values['trained_at']}"}


WHOSE: dict[str, Owners] = {
    "training:school": _school,
    "training:certify": lambda values: {f"head_{values['trained_at']}"},
    "training:district": _district,
    "training:sign": lambda values: {f"chief_{values['trained_at']}"},
    "employee_id": _school,
    "due_id": _school,
    "certification_id": _school,
    "course": lambda values: set(values["everybody"]),
}
