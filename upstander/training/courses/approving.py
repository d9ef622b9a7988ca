"""Which courses are offered in which language: those that two people have read as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from upstander.people.approved_texts import Approvals
from upstander.training.courses.loading import Course, courses
from upstander.training.courses.models import CourseReview


@dataclass(frozen=True, slots=True)
class Text:
    """A course in one language, and who has read it as it stands; None: it is not offered."""

    course: Course
    language: str
    review: CourseReview | None

    @property
    def digest(self) -> str:
        """What the text is known by."""
        return self.course.digests[self.language]

    @property
    def title(self) -> str:
        """The course's name in this language."""
        return self.course.title(self.language)


def all_texts() -> list[Text]:
    """Return every course in every language with its review, outside ``viewing``: one query."""
    rows = CourseReview.objects.raw("SELECT * FROM api.course_reviews() ORDER BY id")
    said = Approvals(rows, lambda row: (row.course, row.language))
    return [
        Text(course, language, said.of((course.key, language), digest))
        for course in courses().values()
        for language, digest in course.digests.items()
    ]


def offered() -> dict[str, dict[str, Text]]:
    """Return what may be shown, by course and language, outside ``viewing``: one query."""
    found: dict[str, dict[str, Text]] = {}
    for one in all_texts():
        if one.review is not None:
            found.setdefault(one.course.key, {})[one.language] = one
    return found
