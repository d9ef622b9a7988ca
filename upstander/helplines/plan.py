"""A safety plan for who lives with violence: made with them, in their words and language.

Nothing is printed unless they ask, and then under a cover that does not tell what it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Final

from upstander.cases.guides.plan import Text, lines_of, printed
from upstander.intake.tables import in_language
from upstander.rulefiles import data_file, read_table

PARTS: Final = ("home", "leaving", "children", "phone", "work", "afterwards")


@cache
def texts() -> Mapping[str, Text]:
    """Return the plan's texts by key. Raises RuleFileWrong."""
    return read_table(data_file("upstander.helplines", "violence_plan.csv"), Text).by_key()


def plan_pdf(parts: Mapping[str, str], *, language: str, day: dt.date) -> bytes:
    """Return the client's own copy as a PDF that names nobody and no agency. Raises Refused."""
    said = {key: in_language(one.texts, language) for key, one in texts().items()}
    told = {
        "cover": said["cover"],
        "title": said["title"],
        "about": said["about"],
        "parts": [{"heading": said[key], "lines": lines_of(parts.get(key, ""))} for key in PARTS],
        "call": said["call"],
        "foot": said["mine"],
    }
    return printed(told, language=language, day=day)
