"""Who has read a course as it stands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.scope import Viewer, viewing
from upstander.training.courses.loading import courses
from upstander.training.courses.models import CourseReview


def review_course(
    viewer: Viewer,
    key: str,
    language: str,
    digest: str,
    *,
    readers: tuple[str, str] = ("", ""),
    stands: bool,
) -> None:
    """Keep that two people have read a course as it stands, or that this holds no more.

    ``digest`` is what the administrator saw; ``readers`` are name and profession of whoever is
    qualified, and of the second. Raises Refused.
    """
    course = courses().get(key)
    if course is None or course.digests.get(language) != digest:
        raise Refused(_("This text has changed since. Have it reviewed again."))
    qualified, second = (" ".join(one.split())[:200] for one in readers)
    if stands and (not qualified or not second or qualified.casefold() == second.casefold()):
        raise Refused(_("Say which two people have read it: names and professions."))
    with viewing(viewer) as now:
        CourseReview.objects.create(
            course=key,
            language=language,
            digest=digest,
            stands=stands,
            qualified=qualified,
            second=second,
            person_id=viewer.person_id,
            at=now,
        )
        record(
            "course reviewed" if stands else "course's review taken back",
            actor=viewer,
            subject_kind="course",
            subject_id=key,
            detail={"language": language, "digest": digest[:16]},
        )
