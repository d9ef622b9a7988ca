"""Planning a session with students, beginning it with aftercare in place, counting at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.lessons.models import Session
from upstander.people.scope import Viewer, viewing
from upstander.places.models import School
from upstander.training.courses.approving import offered
from upstander.training.days import day_in


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What must be in place before a session begins."""

    adult: str
    room: str
    opt_out: str
    families_told_on: date | None
    knows_duty: bool


def plan_session(
    viewer: Viewer, school_id: int, course: str, language: str, grade: int, day: date
) -> int:
    """Plan a session with one section; returns its id. Raises Http404, Refused."""
    text = offered().get(course, {}).get(language)
    if text is None:
        raise Refused(_("This course is not offered in this language."))
    band = text.course.file.band
    if band not in {"6-8", "9-12"} or (grade > 8) != (band == "9-12") or not 6 <= grade <= 12:
        raise Refused(_("This course is not for this grade."))
    own = {m.school_id for m in viewer.memberships if m.kind in {"school", "staff"}}
    if school_id not in own:
        raise Http404
    with viewing(viewer):
        school = School.objects.get(pk=school_id)
        row = Session.objects.create(
            district_id=school.district_id,
            school_id=school_id,
            led_by=viewer.person_id,
            course=course,
            language=language,
            version=text.digest,
            grade=grade,
            day=day,
        )
        _record(viewer, "session planned", row)
    return row.pk


def begin_session(viewer: Viewer, session_id: int, aftercare: Aftercare) -> None:
    """Begin a session today. Raises Http404, and Refused while something is missing."""
    with viewing(viewer) as now:
        row = _own(viewer, session_id)
        said = [" ".join(s.split()) for s in (aftercare.adult, aftercare.room, aftercare.opt_out)]
        told = aftercare.families_told_on
        if row.begun_at is not None or row.day != day_in(row.district_id, now):
            raise Refused(_("A session begins once, on its day."))
        if not all(said) or told is None or told > row.day or not aftercare.knows_duty:
            raise Refused(
                _(
                    "Name today’s adult and room, what those who opt out do, when families were"
                    " told, and that you know your duty when a student tells you something."
                )
            )
        row.adult, row.room, row.opt_out = said
        row.families_told_on, row.knows_duty, row.begun_at = told, True, now
        row.save(
            update_fields=("adult", "room", "opt_out", "families_told_on", "knows_duty", "begun_at")
        )
        _record(viewer, "session begun", row)


def end_session(
    viewer: Viewer, session_id: int, *, present: int, made_up: int, opted_out: int, captions: bool
) -> None:
    """Count who was there; the session is done. Raises Http404, Refused."""
    with viewing(viewer) as now:
        row = _own(viewer, session_id)
        if row.begun_at is None or row.ended_at is not None:
            raise Refused(_("Only a session that is going on can end."))
        if not all(0 <= n <= 999 for n in (present, made_up, opted_out)):
            raise Refused(_("Count from 0 to 999."))
        row.present, row.made_up, row.opted_out = present, made_up, opted_out
        row.captions, row.ended_at = captions, now
        row.save(update_fields=("present", "made_up", "opted_out", "captions", "ended_at"))
        _record(viewer, "session done", row)


def _own(viewer: Viewer, session_id: int) -> Session:
    row = Session.objects.filter(pk=session_id, led_by=viewer.person_id).first()
    if row is None:
        raise Http404
    return row


def _record(viewer: Viewer, act: str, row: Session) -> None:
    record(
        act,
        actor=viewer,
        subject_kind="lesson",
        subject_id=row.pk,
        district_id=row.district_id,
        detail={"course": row.course, "grade": row.grade},
    )
