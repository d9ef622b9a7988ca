"""The demo's courses: all are offered, and each says that nobody has read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from upstander.people.scope import Viewer
from upstander.training.actions.courses import review_course
from upstander.training.courses.loading import courses

#: What stands where the two readers' names and professions belong.
READERS: Final = ("demo: nobody has read this", "demo: nobody has read this a second time")


def tell(signed_in: Callable[[str], Viewer]) -> None:
    """Offer every course in every language."""
    admin = signed_in("admin@lakeside.example")
    for course in courses().values():
        for language, digest in course.digests.items():
            review_course(admin, course.key, language, digest, readers=READERS, stands=True)
