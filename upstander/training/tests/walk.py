"""For the walk over all addresses: a course that two people have read; it is everybody's."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.training.courses.approving import review_course
from upstander.training.courses.loading import courses


def later(story: Story) -> dict[str, Any]:
    """Have a course read, once everybody is there who may open it."""
    course = courses()["mandated-reporter"]
    review_course(
        story.viewer("ada"),
        course.key,
        "en",
        course.digests["en"],
        readers=("R. One, clinician", "S. Two, teacher"),
        stands=True,
    )
    return {"course": course.key, "number": 1, "everybody": set(story.cast.people)}


WHOSE: dict[str, Owners] = {"course": lambda values: values["everybody"]}
