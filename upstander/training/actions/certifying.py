"""Signing for a year: a head for a school with everybody late on it, the superintendent for all.

Who signs never says whom they list: the action reads it, and the database compares (a trigger).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.models import Person
from upstander.people.roles import Role
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District, School
from upstander.training.days import day_of
from upstander.training.models import Certification, Finding
from upstander.training.queries import Line, read_lines, standing_certifications, year_of


def certify_school(viewer: Viewer, school_id: int, statement: str) -> int:
    """Sign how everybody at the viewer's school stands today; returns the certification's id.

    The one before stands no more. Raises Http404 for another's school, Refused while somebody was
    not seen to yet.
    """
    own = {m.school_id for m in viewer.memberships if m.role is Role.HEAD_OF_SCHOOL}
    if school_id not in own:
        raise Http404
    with viewing(viewer) as now:
        school = School.objects.select_related("district").get(pk=school_id)
        district, today = school.district, day_of(school.district, now)
        lines = read_lines(today, district_id=district.pk, school_id=school_id)
        row = _signed(viewer, district, school_id, lines, year_of(district, today), statement, now)
        _record(viewer, "training certified", row)
    return row.pk


def certify_district(viewer: Viewer, district_id: int, statement: str) -> int:
    """Sign for the district what its schools signed and how its own staff stand; returns its id.

    A school that has not signed is named as such in the list. Raises as ``certify_school``.
    """
    own = {m.district_id for m in viewer.memberships if m.role is Role.SUPERINTENDENT}
    if district_id not in own:
        raise Http404
    with viewing(viewer) as now:
        district = District.objects.get(pk=district_id)
        today = day_of(district, now)
        year = year_of(district, today)
        lines = read_lines(today, district_id=district_id, school_id=None)
        standing = standing_certifications(district_id, year)
        schools = [
            {"school": school.name, **_said_of(standing.get(school.pk))}
            for school in School.objects.filter(district_id=district_id)
        ]
        signed = sorted(row.pk for key, row in standing.items() if key is not None)
        row = _signed(
            viewer, district, None, lines, year, statement, now, schools=signed, said=schools
        )
        _record(viewer, "district's training certified", row)
    return row.pk


def outdate(viewer: Viewer, certification_id: int, words: str) -> None:
    """Keep what was found later: the certification stands no more, and nothing in it changes.

    Raises Http404 for one out of sight, Refused without words.
    """
    if not words.strip():
        raise Refused(_("Write what was found."))
    with viewing(viewer) as now:
        row = Certification.objects.filter(pk=certification_id).first()
        if row is None:
            raise Http404
        Finding.objects.create(
            certification=row, words=words.strip(), found_by=viewer.person_id, found_at=now
        )
        _record(viewer, "training certification outdated", row)


def listed(lines: list[Line]) -> list[dict[str, Any]]:
    """Return a list as it is signed: each one's name, job, course, day and standing."""
    return [
        {
            "name": line.employee.name,
            "job": line.employee.job,
            "course": line.due.course if line.due else "",
            "due_on": line.due.due_on.isoformat() if line.due and line.due.due_on else "",
            "state": line.state,
            "days": line.days,
        }
        for line in lines
    ]


def _signed(
    viewer: Viewer,
    district: District,
    school_id: int | None,
    lines: list[Line],
    year: int,
    statement: str,
    now: datetime,
    *,
    schools: list[int] | None = None,
    said: list[dict[str, Any]] | None = None,
) -> Certification:
    today = day_of(district, now)
    if any(line.employee.renewed_on is None or line.employee.renewed_on < today for line in lines):
        raise Refused(_("What people owe is being worked out. Try again in a minute."))
    by = Person.objects.get(pk=viewer.person_id).name
    told = {"by": by, "schools": said or [], "list": listed(lines)}
    text = json.dumps(told, ensure_ascii=False)
    return Certification.objects.create(
        district_id=district.pk,
        school_id=school_id,
        year=year,
        employees=len({line.employee.pk for line in lines}),
        late_ids=sorted({line.employee.pk for line in lines if line.state == "late"}),
        schools=schools or [],
        list_digest=hashlib.sha256(text.encode()).digest(),
        list=text,
        statement=statement.strip()[:2000],
        signed_by=viewer.person_id,
        signed_at=now,
    )


def _said_of(row: Certification | None) -> dict[str, Any]:
    if row is None:
        return {"signed_on": "", "employees": 0, "late": 0, "digest": ""}
    return {
        "signed_on": row.signed_at.date().isoformat(),
        "employees": row.employees,
        "late": len(row.late_ids),
        "digest": bytes(row.list_digest).hex(),
    }


def _record(viewer: Viewer, act: str, row: Certification) -> None:
    record(
        act,
        actor=viewer,
        subject_kind="training",
        subject_id=row.pk,
        district_id=row.district_id,
        detail={
            "year": row.year,
            "employees": row.employees,
            "late": len(row.late_ids),
            "digest": bytes(row.list_digest).hex(),
        },
    )
