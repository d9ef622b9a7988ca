"""A service as a card: the reader's language, its lines in their order, open or closed now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import (
    get_language,
    get_language_bidi,
    get_language_info,
    gettext,
    override,
    pgettext,
)

from upstander.directory.agreeing import said_of
from upstander.directory.facts import (
    PLACES_FOR,
    Closure,
    ContactFact,
    Hours,
    Places,
    ServiceFacts,
)
from upstander.directory.hours import hours_now, hours_said, week, when
from upstander.directory.openness import opening_of, zone_of
from upstander.directory.spoken import SPOKEN
from upstander.directory.texts import Text, told
from upstander.standards.hsds.opening import Opening
from upstander.ui import times

#: The shape and colour beside the words (ui: state). The words say it; the shape repeats it.
_TONES = {True: "done", False: "closed", None: "waiting"}


@dataclass(frozen=True, slots=True)
class CardLine:
    """One link of a card and what it says, such as "Text AYUDA to 988 (Spanish)"."""

    href: str
    label: str
    kind: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class OtherHours:
    """What another source says of the hours, while nobody has said which hold."""

    source_url: str
    source_name: str
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """All that the template shows, as words in one language. Empty means: not known, not shown."""

    slug: str
    kind: str
    kind_word: str
    name: Text
    description: Text
    what_happens: Text
    #: The ages in years and the prices, as numbers say them; empty where the words do.
    years: str
    price: str
    #: What words say besides; empty where the numbers say otherwise.
    ages: Text
    cost: Text
    #: Papers to bring.
    bring: tuple[Text, ...]
    area: Text
    agency: str
    lines: tuple[CardLine, ...]
    #: Lines for speakers of another language than the reader's.
    other_lines: tuple[CardLine, ...]
    languages: str
    must_report: str
    police: str
    opening: Opening
    #: Open or closed now; of what nobody has confirmed only that: "open" would be believed.
    state_words: str
    state_tone: str
    #: Open or closed by the hours that are known, with a mark where nobody checked them of late.
    hours_words: str
    #: The hours as the source has them, a line for each run of days that are alike.
    hours: tuple[str, ...]
    #: Days to come on which it is closed.
    closures: tuple[str, ...]
    disputed: tuple[OtherHours, ...]
    #: How many places are free, and since when; empty: nobody has said.
    places: str
    #: That was too long ago to be believed.
    places_old: bool
    #: Whether a text is safe; empty where there is no number to text.
    safe_to_text: str
    confirmed: bool
    #: Confirmed too long ago: what it says is shown with that day, and no "open now".
    stale: bool
    source_url: str
    source_name: str
    checked: str

    @property
    def mark(self) -> str:
        """What stands for it in an address."""
        return mark_of(self.slug)

    @property
    def says_hours(self) -> bool:
        """Whether "open" and "closed" are said of it: only of what somebody has just checked."""
        return self.confirmed and not self.stale

    @property
    def is_closed(self) -> bool:
        """Whether it is said to be closed."""
        return self.says_hours and self.opening.open is False

    @property
    def first_line(self) -> CardLine:
        """How to reach it at once, its number in one piece, which a narrow column would break."""
        line = (self.lines or self.other_lines)[0]
        return replace(line, label=line.label.replace("-", "\u2011"))


def mark_of(name: str) -> str:
    """What stands for it in an address, lest a phone's history tell what somebody needed."""
    return sha256(name.encode()).hexdigest()[:8]


def card_for(facts: ServiceFacts, language: str, at: datetime) -> Card:
    """The card of a service for a reader of ``language`` at the moment ``at`` (with a zone)."""
    opening, zone = opening_of(facts.record, at), ZoneInfo(zone_of(facts.record))
    today = at.astimezone(zone).date()
    stale = facts.is_stale(today)
    with override(language):
        texts, years, price = said_of(facts, language)
        return Card(
            slug=facts.slug,
            kind=facts.kind,
            kind_word=_kind_word(facts.kind),
            name=texts["name"],
            description=texts["description"],
            what_happens=texts["what_happens"],
            years=years,
            price=price,
            ages=texts["ages"],
            cost=texts["cost"],
            bring=tuple(
                told(one.texts.get(language, ""), one.words, language)
                for one in facts.documents
                if one.words
            ),
            area=texts["area"],
            agency=facts.agency,
            lines=_lines(facts.lines, language, own=True),
            other_lines=_lines(facts.lines, language, own=False),
            languages=_listed(_language_word(key) for key in facts.languages),
            must_report=_must_report(facts.mandated_reporter),
            police=_police(facts.police),
            opening=opening,
            state_words=_doubt(facts, stale=stale) or hours_now(opening, at, zone),
            state_tone=_tone(facts, opening, stale=stale),
            hours_words=_marked(hours_now(opening, at, zone), opening, _doubt(facts, stale=stale)),
            hours=tuple(hours_said(facts, opening, at, zone)),
            closures=tuple(_closed(one) for one in facts.closures if one.last >= today),
            disputed=tuple(_disputed(facts.disputed, today)),
            places=_free(facts.places, at, zone),
            places_old=_is_old(facts.places, at),
            safe_to_text=_safe_to_text(facts),
            confirmed=facts.confirmed,
            stale=stale,
            source_url=facts.source_url,
            source_name=_site(facts.source_url),
            checked=times.day(facts.checked_on) if facts.checked_on else "",
        )


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _closed(closure: Closure) -> str:
    values = {"first": times.day(closure.first), "last": times.day(closure.last)}
    if closure.first == closure.last:
        return gettext("Closed on %(first)s") % values
    return gettext("Closed from %(first)s to %(last)s") % values


def _disputed(hours: tuple[Hours, ...], today: date) -> Iterator[OtherHours]:
    for source in dict.fromkeys(rule.source for rule in hours):
        theirs = tuple(week((rule for rule in hours if rule.source == source), today))
        none = (gettext("Opening hours not known"),)
        yield OtherHours(source, _site(source), theirs or none)


def _is_old(places: Places | None, at: datetime) -> bool:
    return places is not None and at - places.told_at > PLACES_FOR


def _free(places: Places | None, at: datetime, zone: ZoneInfo) -> str:
    if places is None:
        return ""
    values = {"number": places.free, "when": when(places.told_at, at, zone)}
    if _is_old(places, at):
        return gettext("Not known now. It was %(number)s (%(when)s).") % values
    return gettext("%(number)s (%(when)s)") % values


def _safe_to_text(facts: ServiceFacts) -> str:
    if not any(line.kind == "text" for line in facts.lines):
        return ""
    return {
        "yes": gettext("Yes, if nobody else reads your phone."),
        "no": gettext("No. It is safer to call."),
        "unknown": gettext("Not known. You can ask them before you tell."),
    }[facts.safe_to_text]


def _lines(lines: tuple[ContactFact, ...], language: str, *, own: bool) -> tuple[CardLine, ...]:
    """The lines that the reader can use, a line in their own language first; or the others.

    English isn't put first for its own sake: there the order of the data stands (call, then text).
    Where a number has a way in their language ("press 2"), the bare one beside it leads to English.
    """
    theirs = {(line.kind, line.value) for line in lines if line.language == language}
    wanted = [
        line
        for line in lines
        if (line.language in ("", language)) is own
        and (line.language or (line.kind, line.value) not in theirs)
    ]
    if language != "en":
        wanted.sort(key=lambda line: line.language != language)
    return tuple(CardLine(line.href, _label(line, language), line.kind, line.id) for line in wanted)


def _label(line: ContactFact, language: str) -> str:
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
    """Keep a number or name in its own order, and whole: a part reads as another."""
    return f"\u2066{words.replace('-', '\u2011')}\u2069" if words and get_language_bidi() else words


def _language_word(key: str) -> str:
    if key == "interpreter":
        return gettext("other languages by interpreter")
    if key == "asl":
        return gettext("American Sign Language")
    try:
        name = str(get_language_info(key)["name_translated"])
    except KeyError:
        # Others' lists have languages that Django has no word for.
        return SPOKEN.get(key, key)
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
        "search": "",
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


def _tone(facts: ServiceFacts, opening: Opening, *, stale: bool) -> str:
    return "closed" if stale else _TONES[opening.open if facts.confirmed else None]


def _doubt(facts: ServiceFacts, *, stale: bool) -> str:
    """Say why its hours can't be relied on; empty where they can."""
    if not facts.confirmed:
        return gettext("Not yet confirmed")
    if stale and facts.checked_on:
        return gettext("Last checked on %(day)s") % {"day": times.day(facts.checked_on)}
    return ""


def _marked(hours: str, opening: Opening, doubt: str) -> str:
    """Say its hours, and beside them that nobody has checked them of late."""
    if doubt and opening.open is not None:
        hours = gettext("By what we know: %(hours)s") % {"hours": hours}
    return f"{hours} ({doubt})" if doubt else hours
