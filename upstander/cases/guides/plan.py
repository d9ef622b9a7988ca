"""A safety plan, made with the student: the school's versions, and both printed copies.

What the student doesn't agree to share is never kept: it goes from the form to their printed copy
and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from uuid import UUID

import typst
from django.utils.translation import gettext, override

from upstander.base.languages import language_of, printed_languages
from upstander.base.refused import Refused
from upstander.cases.actions.timeline import Entry
from upstander.cases.guides.loading import PACKAGE
from upstander.intake.tables import InEach, in_language
from upstander.rulefiles import Key, RuleType, data_file, read_table
from upstander.ui import times
from upstander.ui.fonts import fonts

KIND = "safety_plan"
PARTS = ("signs", "alone", "company", "people", "services", "safer")
_NUMBER = re.compile(r"\+?\d[\d() .-]{4,}\d")


class Text(RuleType, frozen=True):
    """One text of the plan: in the languages of students, and what staff think of with it."""

    key: Key
    texts: InEach
    staff: str


@cache
def plan_texts() -> Mapping[str, Text]:
    """Return the plan's texts by key. Raises RuleFileWrong."""
    return read_table(data_file(PACKAGE, "plan.csv"), Text).by_key()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the school's copy; or that the student wanted none (``declined``)."""

    id: UUID
    number: int
    parts: Mapping[str, str]
    language: str
    made_with: str
    declined: str
    entry: Entry


def versions_of(entries: Iterable[Entry]) -> list[Version]:
    """Return every version of the school's copy, oldest first: none is ever changed."""
    found: list[Version] = []
    for one in entries:
        if one.kind == KIND:
            said = one.words
            parts = {key: said[key] for key in PARTS if said.get(key)}
            found.append(
                Version(
                    one.id,
                    len(found) + 1,
                    parts,
                    said.get("language", "en"),
                    said.get("made_with", ""),
                    said.get("declined", ""),
                    one,
                )
            )
    return found


def check_plan(said: Mapping[str, str]) -> None:
    """Raise Refused unless this can be kept as the school's copy."""
    if said.get("declined"):
        return
    if said.get("language") not in printed_languages():
        raise Refused(gettext("Choose the student’s language."))
    if said.get("agreed") != "yes":
        raise Refused(
            gettext(
                "Not saved: the school’s copy contains only what the student agreed to. Ask, then "
                "tick the box."
            )
        )
    if not any(said.get(key, "").strip() for key in PARTS):
        raise Refused(
            gettext("Not saved: there is nothing in the part that the student agreed to share.")
        )


def plan_pdf(
    parts: Mapping[str, str], *, language: str, day: dt.date, school: bool, reference: str = ""
) -> bytes:
    """Return a copy, each part's lines under its heading. Raises Refused.

    The student's names nobody; the school's carries the case's reference.
    """
    texts = {key: in_language(one.texts, language) for key, one in plan_texts().items()}
    with override(language):
        written = times.day(day)
    told = {
        "title": texts["title"],
        "about": texts["school"] if school else texts["about"],
        "parts": [{"heading": texts[key], "lines": lines_of(parts.get(key, ""))} for key in PARTS],
        "call": texts["call"],
        "foot": f"{reference} · {written}" if school else texts["mine"],
    }
    return printed(told, language=language, day=day)


def printed(told: Mapping[str, object], *, language: str, day: dt.date) -> bytes:
    """Return any plan as a tagged PDF (PDF/UA-1): title, about, parts, call, foot; maybe a cover.

    Under a ``cover`` the first page shows that alone, and so does the document's name. Raises
    Refused when it holds signs that none of our fonts has.
    """
    said = {
        **told,
        # Typst knows no regions here (ISO 639).
        "language": language.partition("-")[0],
        "rtl": language_of(language).right_to_left,
        "day": {"year": day.year, "month": day.month, "day": day.day},
    }
    try:
        return typst.compile(
            files(PACKAGE).joinpath("data", "plan.typ").read_bytes(),
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"plan": json.dumps(said)},
            pdf_standards="ua-1",
            timestamp=int(dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()),
        )
    except typst.TypstError as error:
        raise Refused(
            gettext(
                "Not printed: it contains a character that can’t be printed (such as an emoji, or "
                "another script). Remove it, or print without it and add it by hand."
            )
        ) from error


def isolated(text: str) -> str:
    """Return text whose phone numbers read from left to right, also where the line runs from right.

    Unicode's bidirectional algorithm (UAX 9) turns 555-0142 around after an Arabic word.
    """
    return _NUMBER.sub("\u2066\\g<0>\u2069", text)


def lines_of(text: str) -> list[str]:
    """Return what was typed, one line an entry."""
    return [line.strip(" \t•-") for line in text.splitlines() if line.strip(" \t•-")]
