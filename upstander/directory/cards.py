"""A service as a card: the reader's language, its lines in their order, open or closed now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import (
    get_language,
    get_language_bidi,
    get_language_info,
    gettext,
    override,
    pgettext,
)

from upstander.directory.facts import Line, ServiceFacts
from upstander.directory.hours import OpenState, state_at

#: The shape and colour beside the words (ui: state). The words say it; the shape repeats it.
_TONES = {"open": "done", "closed": "closed", "unknown": "waiting"}


@dataclass(frozen=True, slots=True)
class CardLine:
    """One link of a card and what it says, such as "Text AYUDA to 988 (Spanish)"."""

    href: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that the template shows, as words in one language. Empty means: not known, not shown."""

    slug: str
    kind: str
    kind_word: str
    name: str
    description: str
    what_happens: str
    ages: str
    cost: str
    area: str
    agency: str
    lines: tuple[CardLine, ...]
    #: Lines for speakers of another language than the reader's.
    other_lines: tuple[CardLine, ...]
    languages: str
    must_report: str
    police: str
    state: OpenState
    state_words: str
    state_tone: str
    confirmed: bool
    source_url: str
    source_name: str
    checked: str


def card_for(facts: ServiceFacts, language: str, at: datetime) -> Card:
    """The card of a service for a reader of ``language`` at the moment ``at`` (with a zone)."""
    texts = facts.texts.get(language) or facts.texts["en"]
    state = state_at(facts.hours, at)
    zone = ZoneInfo(facts.hours[0].time_zone) if facts.hours else ZoneInfo("America/New_York")
    with override(language):
        return Card(
            slug=facts.slug,
            kind=facts.kind,
            kind_word=_kind_word(facts.kind),
            name=texts["name"],
            description=texts["description"],
            what_happens=texts["what_happens"],
            ages=texts["ages"],
            cost=texts["cost"],
            area=texts["area"],
            agency=facts.agency,
            lines=_lines(facts.lines, language, own=True),
            other_lines=_lines(facts.lines, language, own=False),
            languages=_listed(_language_word(key) for key in facts.languages),
            must_report=_must_report(facts.mandated_reporter),
            police=_police(facts.police),
            state=state,
            state_words=_state_words(state, at, zone),
            state_tone=_TONES[state.state],
            confirmed=facts.confirmed,
            source_url=facts.source_url,
            source_name=(urlsplit(facts.source_url).hostname or "").removeprefix("www."),
            checked=date_format(facts.checked_on, "DATE_FORMAT") if facts.checked_on else "",
        )


def _lines(lines: tuple[Line, ...], language: str, *, own: bool) -> tuple[CardLine, ...]:
    """The lines that the reader can use, a line in their own language first; or the others.

    English isn't put first for its own sake: there the order of the data stands (call, then text).
    """
    wanted = [line for line in lines if (line.language in ("", language)) is own]
    if language != "en":
        wanted.sort(key=lambda line: line.language != language)
    return tuple(CardLine(line.href, _label(line, language), line.kind) for line in wanted)


def _label(line: Line, language: str) -> str:
    # Isolated, lest a line from right to left turns a number's groups around (UAX #9).
    values = {"number": _isolated(line.shown), "word": _isolated(line.then)}
    if line.kind == "text":
        label = (
            gettext("Text %(word)s to %(number)s") if line.then else gettext("Text %(number)s")
        ) % values
    elif line.kind == "call":
        label = _call(line.then) % values
    elif line.kind == "tty":
        label = gettext("TTY %(number)s") % values
    elif line.kind == "chat":
        label = gettext("Chat: %(number)s") % values
    else:
        label = values["number"]
    if line.language and line.language != language:
        label = f"{label} ({_language_word(line.language)})"
    return label


def _call(then: str) -> str:
    """What to do on a line that is answered in English: press a digit, or say a word."""
    if not then:
        return gettext("Call %(number)s")
    if then.isdigit():
        return gettext("Call %(number)s, then press %(word)s")
    return gettext("Call %(number)s and say “%(word)s”")


def _isolated(words: str) -> str:
    return f"\u2066{words}\u2069" if words and get_language_bidi() else words


def _language_word(key: str) -> str:
    if key == "interpreter":
        return gettext("other languages by interpreter")
    if key == "asl":
        return gettext("American Sign Language")
    name = str(get_language_info(key)["name_translated"])
    # Spanish writes the names of languages small.
    return name.lower() if get_language() == "es" else name


def _listed(words: Iterable[str]) -> str:
    return capfirst(pgettext("between the items of a list", ", ").join(words))


def _kind_word(kind: str) -> str:
    return {
        "emergency": gettext("Emergency"),
        "crisis": gettext("Crisis and suicide"),
        "abuse_report": gettext("Someone under 18 is being hurt"),
        "domestic_violence": gettext("Violence at home or by a partner"),
        "sexual_assault": gettext("Sexual harm"),
        "reporting": gettext("School safety"),
        "information": gettext("Food, housing and more"),
        "legal": gettext("Legal help"),
    }[kind]


def _must_report(known: str) -> str:
    return {
        "yes": gettext("Yes, when someone under 18 is being hurt."),
        "no": gettext("No."),
        "unknown": gettext("Not known. You can ask them before you tell."),
    }[known]


def _police(known: str) -> str:
    return {
        "yes": gettext("They can be sent when a life is in danger."),
        "no": gettext("No."),
        "unknown": gettext("Not known. You can ask them before you tell."),
    }[known]


def _state_words(state: OpenState, at: datetime, zone: ZoneInfo) -> str:
    if state.state == "unknown":
        return gettext("Opening hours not known")
    if state.state == "open":
        if state.always:
            return gettext("Open now, day and night")
        if state.until is None:
            return gettext("Open now")
        return gettext("Open now, until %(when)s") % {"when": _when(state.until, at, zone)}
    if state.next is None:
        return gettext("Closed now")
    return gettext("Closed now, opens %(when)s") % {"when": _when(state.next, at, zone)}


def _when(moment: datetime, at: datetime, zone: ZoneInfo) -> str:
    """The service's own wall clock, with the day unless it is today."""
    local, today = moment.astimezone(zone), at.astimezone(zone).date()
    clock = time_format(local.time(), "TIME_FORMAT")
    if local.date() == today:
        return clock
    day = date_format(local.date(), "MONTH_DAY_FORMAT")
    values = {"weekday": date_format(local.date(), "l"), "day": day, "clock": clock}
    return gettext("%(weekday)s, %(day)s, %(clock)s") % values
