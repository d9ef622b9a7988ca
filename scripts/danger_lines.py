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
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs/danger-lines.csv"
CATALOGS = {"pages": "locale", "helping services": "upstander/directory/locale"}

LANGUAGES = ("en", "es", "ar")
#: With the mark by which spreadsheets know UTF-8: without it they show Arabic as rubbish.
WRITTEN = "utf-8-sig"
NOT_YET = "not yet reviewed"
#: Nobody of that profession has to read the line.
NOBODY = "-"
#: The reviews of a line: column → the columns whose words it is about.
REVIEWS = {
    "spanish_reader": ("en", "es"),
    "arabic_reader": ("en", "ar"),
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
    en: str
    es: str
    ar: str
    spanish_reader: str = NOT_YET
    arabic_reader: str = NOT_YET
    clinician: str = NOT_YET
    counsel: str = NOBODY


def lines() -> list[Line]:
    """Return every such line, as it is said today."""
    found = [*_pages(), *_form(), *_replies(), *_printed(), *_services()]
    return sorted(found, key=lambda line: (line.about, line.where, line.en))


def _line(about: str, where: str, en: str, es: str, ar: str) -> Line:
    if about == "who must report":
        return Line(about, where, en, es, ar, clinician=NOBODY, counsel=NOT_YET)
    return Line(about, where, en, es, ar)


def _kind(text: str) -> str:
    """What a text is about, by its English words; empty if it is none of these lines."""
    if STAFF.search(text):
        return ""
    if DUTY.search(text):
        return "who must report"
    if KEPT_SAFE.search(text):
        return "kept safe"
    return "danger" if DANGER.search(text) else ""


def _each(words: Callable[[str], str]) -> list[str]:
    return [words(language) for language in LANGUAGES]


def _pages() -> Iterator[Line]:
    for where, folder in CATALOGS.items():
        es, ar = (
            {entry.msgid: entry.msgstr for entry in polib.pofile(str(ROOT / folder / path))}
            for path in ("es/LC_MESSAGES/django.po", "ar/LC_MESSAGES/django.po")
        )
        for msgid in es:
            if about := _kind(msgid):
                yield _line(about, where, msgid, es[msgid], ar.get(msgid, ""))


def _form() -> Iterator[Line]:
    from upstander.places import taxonomy  # noqa: PLC0415 - Django is set up first

    asked = {"who", "when", "place"} | {rule.question for rule in taxonomy.RULES if rule.question}
    for question in taxonomy.QUESTIONS:
        where, about = f"form, {question.key}", "floor"
        if question.key in ("home_safe", "not_see"):
            about = "kept safe"
        elif question.key not in asked:
            continue
        yield _line(about, where, *_each(question.text))
        if question.texts_me:
            me = [question.text(language, me=True) for language in LANGUAGES]
            yield _line(about, f"{where}, of oneself", *me)
        if question.hint("en"):
            yield _line(about, f"{where}, hint", *_each(question.hint))
        for option in question.options:
            words = [question.option_text(option, language) for language in LANGUAGES]
            yield _line(about, f"{where}, answer {option}", *words)
    for tile in taxonomy.TILES:
        yield _line("floor", f"form, tile {tile.number:02}", *_each(tile.text))


def _replies() -> Iterator[Line]:
    from upstander.triage.protocol import REPLIES  # noqa: PLC0415

    for reply in REPLIES:
        about = _kind(reply.text("en"))
        if not about and (reply.stage == "first" or reply.about == "other"):
            about = "reply"
        if about:
            where = f"reply, {reply.group.value} {reply.stage} {reply.key}"
            yield _line(about, where, *_each(reply.text))


def _printed() -> Iterator[Line]:
    from upstander.cases.guides.plan import plan_texts  # noqa: PLC0415
    from upstander.places.posters import TEXTS, PosterLanguage  # noqa: PLC0415

    for key in ("danger", "danger_call", "talk", "talk_call"):
        words = [TEXTS[PosterLanguage(language)][key] for language in LANGUAGES]
        yield _line("danger", f"poster, {key}", *words)
    yield _line("danger", "safety plan, call", *_each(plan_texts()["call"].texts.__getitem__))


def _services() -> Iterator[Line]:
    from upstander.directory import cards, data  # noqa: PLC0415

    now = datetime(2026, 3, 4, 17, tzinfo=UTC)
    for entry in data.read_services():
        if entry.facts.slug not in ("911", "988"):
            continue
        shown = [cards.card_for(entry.facts, language, now) for language in LANGUAGES]
        where = f"service {entry.facts.slug}"
        yield _line("danger", f"{where}, description", *(card.description for card in shown))
        yield _line("danger", f"{where}, what_happens", *(card.what_happens for card in shown))
        ways = [" / ".join(line.label for line in card.lines) for card in shown]
        yield _line("danger", f"{where}, ways", *ways)


def known() -> dict[tuple[str, str], Line]:
    """Return the table as it stands, by place and English words."""
    if not TABLE.exists():
        return {}
    with TABLE.open(encoding=WRITTEN, newline="") as file:
        rows = [Line(**row) for row in csv.DictReader(file)]
    return {(row.where, row.en): row for row in rows}


def reviewed(line: Line, before: Line | None) -> Line:
    """Return the line with the reviews that still hold: of words that nobody has changed since."""
    if before is None:
        return line
    kept = asdict(line)
    for review, columns in REVIEWS.items():
        if kept[review] != NOBODY and all(
            getattr(before, column) == getattr(line, column) for column in columns
        ):
            kept[review] = getattr(before, review)
    return Line(**kept)


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
        out = csv.DictWriter(file, [field.name for field in fields(Line)], lineterminator="\n")
        out.writeheader()
        out.writerows(asdict(row) for row in rows)
    open_ones = sum(NOT_YET in asdict(row).values() for row in rows)
    print(f"{TABLE.relative_to(ROOT)}: {len(rows)} lines, {open_ones} not yet reviewed by all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
