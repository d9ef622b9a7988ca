"""What pages say for the names that an edition keeps: of its tables and of their groups.

An edition is kept as it was published, so its names never change and aren't translated; files give
them as they are. What a school is called, or a district's own group, stands as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from upstander.accountability import equity, publishing, queries
from upstander.ui.times import clock

_WORDS: Final[Mapping[str, str | Promise]] = {
    publishing.STEPS: gettext_lazy("Step"),
    publishing.SCHOOLS: gettext_lazy("School"),
    publishing.PRIORITIES: gettext_lazy("Priority"),
    publishing.HOURS: gettext_lazy("Hour"),
    publishing.DAYS: gettext_lazy("Day"),
    publishing.DOORS: gettext_lazy("Door"),
    publishing.LANGUAGES: gettext_lazy("Language"),
    "Website": gettext_lazy("Website"),
    "Text": gettext_lazy("Text"),
    "Phone": gettext_lazy("Phone"),
    "Taken down by an adult": gettext_lazy("Taken down by an adult"),
    publishing.LIFE_SAFETY: gettext_lazy("Life safety"),
    publishing.URGENT: gettext_lazy("Urgent"),
    publishing.ROUTINE: gettext_lazy("Routine"),
    equity.GRADES: gettext_lazy("Grade"),
    equity.DISABILITY: gettext_lazy("Disability"),
    equity.DISABLED: gettext_lazy("With a disability"),
    equity.NOT_DISABLED: gettext_lazy("Without"),
    equity.NOT_KNOWN: gettext_lazy("Not known"),
    equity.NO_SCHOOL: gettext_lazy("No school"),
    **dict(
        zip(
            equity.BANDS,
            (
                gettext_lazy("Pre-K to grade 2"),
                gettext_lazy("Grades 3 to 5"),
                gettext_lazy("Grades 6 to 8"),
                gettext_lazy("Grades 9 to 12"),
            ),
            strict=True,
        )
    ),
    **{name: WEEKDAYS[day] for day, name in enumerate(queries.WEEKDAYS)},
}


def said(name: str) -> str:
    """Say a table or a group of an edition; one that somebody named stands as it was typed."""
    if name in queries.BANDS:
        first = queries.BANDS.index(name) * queries.BAND
        return gettext("%(start)s to %(end)s") % {
            "start": clock(time(first)),
            "end": clock(time((first + queries.BAND) % 24)),
        }
    return str(_WORDS.get(name, name))
