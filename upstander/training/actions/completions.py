"""What was completed, by somebody with an account, on paper, elsewhere, or by a link.

Somebody without an account completes by a link that is good once, for one course that they owe:
its page asks ``linked`` what it is for, and ``complete_by_link`` as they are done. Neither tells
who it is: the page shows no name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.links import LinkOver
from upstander.people.scope import Viewer, viewing
from upstander.training.days import day_in
from upstander.training.models import Completion, Due, Employee
from upstander.vault.links import link_hash, new_link_secret

#: How long a link to a course is good.
LINK_DAYS: Final = timedelta(days=30)
#: Where a link leads, before its secret.
LINK_PATH: Final = "/training/link/"


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link is good for."""

    due_id: int
    course: str
    district_id: int


def record_completion(
    viewer: Viewer,
    employee_id: int,
    course: str,
    *,
    way: str,
    version: str = "",
    on: date | None = None,
    proof: str = "",
) -> int:
    """Keep that an employee completed a course, and meet what they owe of it; returns its id.

    ``way``: one of ``Completion.Way``. HERE is one's own, signed in; all others somebody of the
    office writes down of others. ``on`` is the stated day in the district's time zone, today if
    none. Raises Http404 for an employee out of sight, Refused for a day that can't be and for paper
    of one's own.
    """
    with viewing(viewer) as now:
        employee = Employee.objects.filter(pk=employee_id).first()
        if employee is None:
            raise Http404
        today = day_in(employee.district_id, now)
        on = on or today
        if not employee.hired_on <= on <= today:
            raise Refused(_("The day must lie between the day of hire and today."))
        if (way == Completion.Way.HERE) != (employee.person_id == viewer.person_id):
            raise Refused(_("Someone else must write this down."))
        done = Completion.objects.create(
            employee=employee,
            course=course,
            version=version,
            completed_on=on,
            recorded_at=now,
            way=way,
            recorded_by=viewer.person_id,
            proof=proof or None,
        )
        record(
            "training completed",
            actor=viewer,
            subject_kind="training",
            subject_id=employee.pk,
            district_id=employee.district_id,
            detail={"course": course, "way": str(way)},
        )
    return done.pk


def make_link(viewer: Viewer, due_id: int) -> str:
    """Return the secret of a new link to the course that is due; an earlier one opens nothing more.

    Shown or mailed once, to be handed over. Raises Http404 for what is out of sight, met or ended.
    """
    secret = new_link_secret()
    with viewing(viewer) as now:
        due = Due.objects.select_related("employee").filter(pk=due_id).first()
        made = Due.objects.filter(pk=due_id, met_by=None, ended_on=None).update(
            link_hash=link_hash(secret), misses=0, expires_at=now + LINK_DAYS, used_at=None
        )
        if due is None or not made:
            raise Http404
        record(
            "training link sent",
            actor=viewer,
            subject_kind="training",
            subject_id=due.employee_id,
            district_id=due.employee.district_id,
            detail={"course": due.course},
        )
    return secret


def linked(link: str) -> Linked:
    """Return what a link is for, to whoever holds it. Raises LinkOver."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT due, course, district FROM api.training_link(p_link => %s)", [link])
        row = cursor.fetchone()
    if row is None:
        raise LinkOver
    return Linked(*row)


def complete_by_link(link: str, version: str = "") -> int:
    """Keep that whoever holds the link has completed its course today; returns the completion's id.

    Raises LinkOver.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.complete_by_link(p_link => %s, p_version => %s)", [link, version]
        )
        [done] = cursor.fetchone() or (None,)
    if done is None:
        raise LinkOver
    return int(done)
