"""The table of lines on which a life may hang, in each language, for people who read it.

`scripts/danger_lines.py`          write docs/danger-lines.csv from what the product says
`scripts/danger_lines.py --check`  fail if the product says something else than the table

Which lines: whatever names 911, 988, 211 or a danger; every question and tile that a priority floor
hangs on; who must tell the state; and what a counselor sends in the first minute or about somebody
else. New lines of these kinds come in by themselves. A line that changed is "not yet reviewed"
again, whoever had read it before: docs/how-to/check-the-words.md.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import polib

from upstander.base.languages import BY_CODE, ENGLISH, LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs/danger-lines.csv"

#: With the mark by which spreadsheets know UTF-8: without it they show Arabic as rubbish.
WRITTEN = "utf-8-sig"
NOT_YET = "not yet reviewed"
#: Nobody of that profession has to read the line.
NOBODY = "-"
#: The reviews of a line: column → the columns whose words it is about.
REVIEWS = {
    **{
        f"{one.english.lower()}_reader": (ENGLISH.code, one.code)
        for one in BY_CODE.values()
        if one is not ENGLISH
    },
    "clinician": ("en",),
    "counsel": ("en",),
}

DANGER = re.compile(
    r"911|988|\b211\b|\bdanger\b|can’t talk\?|talk to some(one|body)\?", re.IGNORECASE
)
DUTY = re.compile(r"\bsecret\b|must they report|under 18|tell the state|reported to the state")
#: Whom a call home or a reader in the building could harm.
KEPT_SAFE = re.compile(r"safe if (someone|we) called home|who should not see this", re.IGNORECASE)
#: Words for staff, who read English.
STAFF = re.compile(r"supervisor")


@dataclass(frozen=True)
class Line:
    """One line as the product says it, and who has read it."""

    about: str
    where: str
    #: Language → words, of each of LANGUAGES.
    texts: Mapping[str, str]
    #: Who has read it, of each of REVIEWS.
    read_by: Mapping[str, str]

    @property
    def en(self) -> str:
        """The English words."""
        return self.texts[ENGLISH.code]

    def row(self) -> dict[str, str]:
        """Return the line as it stands in the table."""
        return {"about": self.about, "where": self.where, **self.texts, **self.read_by}


def lines() -> list[Line]:
    """Return every such line, as it is said today."""
    found = [*_pages(), *_form(), *_replies(), *_printed(), *_services()]
    return sorted(found, key=lambda line: (line.about, line.where, line.en))


def _line(about: str, where: str, words: Callable[[str], str]) -> Line:
    """Return a line that nobody has read yet, by its words in each language."""
    nobody = "clinician" if about == "who must report" else "counsel"
    read_by = {review: NOBODY if review == nobody else NOT_YET for review in REVIEWS}
    return Line(about, where, {code: words(code) for code in LANGUAGES}, read_by)


def _kind(text: str) -> str:
    """What a text is about, by its English words; empty if it is none of these lines."""
    if STAFF.search(text):
        return ""
    if DUTY.search(text):
        return "who must report"
    if KEPT_SAFE.search(text):
        return "kept safe"
    return "danger" if DANGER.search(text) else ""


def _pages() -> Iterator[Line]:
    said = {
        code: {
            entry.msgid: entry.msgstr
            for entry in polib.pofile(str(BY_CODE[code].folder / "LC_MESSAGES/django.po"))
        }
        for code in LANGUAGES
        if code != ENGLISH.code
    }
    for msgid in dict.fromkeys(msgid for texts in said.values() for msgid in texts):
        if about := _kind(msgid):
            words = {code: texts.get(msgid, "") for code, texts in said.items()}
            yield _line(about, "pages", (words | {ENGLISH.code: msgid}).__getitem__)


def _form() -> Iterator[Line]:
    from upstander.intake import taxonomy  # noqa: PLC0415 - Django is set up first

    asked = {"who", "when", "place"} | {rule.question for rule in taxonomy.RULES if rule.question}
    for question in taxonomy.QUESTIONS:
        where, about = f"form, {question.key}", "floor"
        if question.key in ("home_safe", "not_see"):
            about = "kept safe"
        elif question.key not in asked:
            continue
        yield _line(about, where, question.text)
        if question.texts_me:
            yield _line(about, f"{where}, of oneself", partial(question.text, me=True))
        if question.hint("en"):
            yield _line(about, f"{where}, hint", question.hint)
        for option in question.options:
            yield _line(about, f"{where}, answer {option}", partial(question.option_text, option))
    for tile in taxonomy.TILES:
        yield _line("floor", f"form, tile {tile.number:02}", tile.text)


def _replies() -> Iterator[Line]:
    from upstander.triage.protocol import REPLIES  # noqa: PLC0415

    for reply in REPLIES:
        about = _kind(reply.text("en"))
        if not about and (reply.stage == "first" or reply.about == "other"):
            about = "reply"
        if about:
            where = f"reply, {reply.group.value} {reply.stage} {reply.key}"
            yield _line(about, where, reply.text)


def _printed() -> Iterator[Line]:
    from upstander.administration.posters import TEXTS  # noqa: PLC0415
    from upstander.cases.guides.plan import plan_texts  # noqa: PLC0415
    from upstander.helplines import plan as violence  # noqa: PLC0415

    for key in ("danger", "danger_call", "talk", "talk_call"):
        words = {code: TEXTS[code][key] for code in LANGUAGES}
        yield _line("danger", f"poster, {key}", words.__getitem__)
    yield _line("danger", "safety plan, call", plan_texts()["call"].texts.__getitem__)
    yield _line("danger", "violence plan, call", violence.texts()["call"].texts.__getitem__)


def _services() -> Iterator[Line]:
    from upstander.directory import cards, data  # noqa: PLC0415
    from upstander.states import laws  # noqa: PLC0415

    now = datetime(2026, 3, 4, 17, tzinfo=UTC)
    for entry in (entry for one in laws() for entry in data.read_services(one.services)):
        if entry.facts.slug not in ("911", "988"):
            continue
        shown = {code: cards.card_for(entry.facts, code, now) for code in LANGUAGES}
        for what, words in (
            ("description", {code: card.description for code, card in shown.items()}),
            ("what_happens", {code: card.what_happens for code, card in shown.items()}),
            ("ways", {c: " / ".join(way.label for way in card.lines) for c, card in shown.items()}),
        ):
            yield _line("danger", f"service {entry.facts.slug}, {what}", words.__getitem__)


def known() -> dict[tuple[str, str], Line]:
    """Return the table as it stands, by place and English words."""
    if not TABLE.exists():
        return {}
    with TABLE.open(encoding=WRITTEN, newline="") as file:
        rows = [
            Line(
                row["about"],
                row["where"],
                # A language that is new has no column yet.
                {code: row.get(code, "") for code in LANGUAGES},
                {review: row.get(review, NOT_YET) for review in REVIEWS},
            )
            for row in csv.DictReader(file)
        ]
    return {(row.where, row.en): row for row in rows}


def reviewed(line: Line, before: Line | None) -> Line:
    """Return the line with the reviews that still hold: of words that nobody has changed since."""
    if before is None:
        return line
    kept = {
        review: before.read_by[review]
        for review, languages in REVIEWS.items()
        if line.read_by[review] != NOBODY
        and all(before.texts[code] == line.texts[code] for code in languages)
    }
    return replace(line, read_by={**line.read_by, **kept})


def table() -> list[Line]:
    """Return what the table should hold."""
    before = known()
    return [reviewed(line, before.get((line.where, line.en))) for line in lines()]


def problems() -> list[str]:
    """Return what the table and the product don't agree on."""
    said, stands = table(), list(known().values())
    found = [f"not in the table: {line.where}: {line.en}" for line in said if line not in stands]
    return found + [f"no longer said: {row.where}: {row.en}" for row in stands if row not in said]


def main() -> int:
    """Write, or check, the table; the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 - only the command needs it set up

    django.setup()
    if "--check" in sys.argv:
        for problem in (found := problems()):
            print(problem)
        return int(bool(found))
    rows = table()
    with TABLE.open("w", encoding=WRITTEN, newline="") as file:
        out = csv.DictWriter(file, ["about", "where", *LANGUAGES, *REVIEWS], lineterminator="\n")
        out.writeheader()
        out.writerows(row.row() for row in rows)
    open_ones = sum(NOT_YET in row.read_by.values() for row in rows)
    print(f"{TABLE.relative_to(ROOT)}: {len(rows)} lines, {open_ones} not yet reviewed by all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
