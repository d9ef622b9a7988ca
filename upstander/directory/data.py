"""What the data file of services holds, as types. A mistake in it stops the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, structs

from upstander.base.languages import ALWAYS, KNOWN
from upstander.directory.facts import (
    TEXT_KEYS,
    Closure,
    ContactFact,
    Hours,
    Item,
    ServiceFacts,
)
from upstander.directory.faults import ADDRESS, faults, way_works
from upstander.directory.models import OF_VIOLENCE, HolidayRule, Kind, Known, LineKind
from upstander.directory.spoken import SPOKEN
from upstander.rulefiles import Key, RuleFileWrong, RuleType, Words, as_rules, once, read_rules

#: Hours and minutes at the place itself.
ClockTime = Annotated[
    str, Meta(pattern=r"\A([01]\d|2[0-3]):[0-5]\d\Z", description="a time like 09:30")
]
#: Besides codes of languages: any other one by interpreter; American Sign Language.
LanguageKey = Annotated[str, Meta(pattern=rf"\A({'|'.join([*SPOKEN, 'interpreter', 'asl'])})\Z")]
#: A language of texts.
WrittenIn = Annotated[str, Meta(pattern=rf"\A({'|'.join(KNOWN)})\Z")]
Years = Annotated[float, Meta(ge=0, le=120)] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One service of the file and its place in the list."""

    position: int
    facts: ServiceFacts


class _Line(RuleType, frozen=True):
    kind: LineKind
    value: Words
    then: str = ""
    language: Annotated[str, Meta(pattern=rf"\A({'|'.join(KNOWN)})?\Z")] = ""
    #: Its id in the record, where it has one.
    id: str = ""

    def __post_init__(self) -> None:
        if not way_works(self.kind, self.value):
            raise ValueError(f"{self.kind} can't be {self.value!r}")


class _Hours(RuleType, frozen=True):
    always: bool = False
    weekday: Annotated[int, Meta(ge=0, le=6)] | None = None
    opens: ClockTime | None = None
    closes: ClockTime | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    time_zone: str = "America/New_York"
    on_holidays: HolidayRule = HolidayRule.UNKNOWN
    #: Another source, which gives these hours beside those of the service's own.
    source: Annotated[str, Meta(pattern=rf"\A\Z|{ADDRESS}")] = ""

    def __post_init__(self) -> None:
        timed = (self.weekday, self.opens, self.closes)
        if self.always and timed != (None, None, None):
            raise ValueError("always open, so no days and times")
        if not self.always and None in timed:
            raise ValueError("day and times are missing")
        if not self.always and self.opens == self.closes != "00:00":
            raise ValueError("opens and closes at the same time")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {self.time_zone!r}") from error

    def facts(self) -> Hours:
        """Return what a card shows."""
        return Hours(
            always=self.always,
            weekday=self.weekday,
            opens=time.fromisoformat(self.opens) if self.opens else None,
            closes=time.fromisoformat(self.closes) if self.closes else None,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            time_zone=self.time_zone,
            on_holidays=self.on_holidays.value,
            source=self.source,
        )


class _Closure(RuleType, frozen=True):
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("closed until before it begins")


class _Item(RuleType, frozen=True):
    words: str = ""
    amount: Annotated[float, Meta(ge=0)] | None = None
    currency: Annotated[str, Meta(pattern=r"\A([A-Z]{3})?\Z")] = ""
    id: str = ""
    texts: Mapping[WrittenIn, str] = {}


class _Texts(RuleType, frozen=True):
    name: str
    description: str
    what_happens: str
    ages: str
    cost: str
    area: str


class _Service(RuleType, frozen=True, kw_only=True):
    slug: Key
    kind: Kind
    position: int
    agency: str
    texts: Mapping[WrittenIn, _Texts]
    languages: tuple[LanguageKey, ...]
    mandated_reporter: Known
    police: Known
    source_url: Annotated[
        str, Meta(pattern=ADDRESS, description="an address (https): every fact needs a source")
    ]
    confirmed: bool
    checked_on: date | None
    lines: Annotated[
        tuple[_Line, ...],
        Meta(min_length=1, description="a list: else there is no way to reach it"),
    ]
    hours: tuple[_Hours, ...]
    safe_to_text: Known = Known.UNKNOWN
    closures: tuple[_Closure, ...] = ()
    youngest: Years = None
    oldest: Years = None
    costs: tuple[_Item, ...] = ()
    documents: tuple[_Item, ...] = ()

    def __post_init__(self) -> None:
        english = self.texts.get("en")
        if english is None or not (english.name and english.description):
            raise ValueError("texts of en: name and description are needed")
        if self.youngest is not None and self.oldest is not None and self.oldest < self.youngest:
            raise ValueError("the oldest is younger than the youngest")
        every = {str(language): structs.asdict(one) for language, one in self.texts.items()}
        for fault in faults(
            every,
            youngest=self.youngest,
            oldest=self.oldest,
            costs=[Item(one.words, one.amount) for one in self.costs],
            shelter=self.kind in OF_VIOLENCE,
        ):
            raise ValueError(f"texts of {fault.language}: {fault.key}: {fault.words}")
        if self.confirmed and not self.checked_on:
            raise ValueError("confirmed on which day?")

    def facts(self) -> ServiceFacts:
        """Return what a card shows."""
        texts: Mapping[str, Mapping[str, str]] = {
            str(language): structs.asdict(one) for language, one in self.texts.items()
        }
        return ServiceFacts(
            slug=self.slug,
            kind=self.kind.value,
            agency=self.agency,
            texts=texts,
            languages=self.languages,
            mandated_reporter=self.mandated_reporter.value,
            police=self.police.value,
            source_url=self.source_url,
            confirmed=self.confirmed,
            checked_on=self.checked_on,
            listed=True,
            lines=tuple(
                ContactFact(**structs.asdict(one) | {"kind": one.kind.value}) for one in self.lines
            ),
            hours=tuple(one.facts() for one in self.hours if not one.source),
            disputed=tuple(one.facts() for one in self.hours if one.source),
            by_law=self.confirmed,
            safe_to_text=self.safe_to_text.value,
            closures=tuple(Closure(one.first, one.last) for one in self.closures),
            youngest=self.youngest,
            oldest=self.oldest,
            costs=tuple(Item(**structs.asdict(one)) for one in self.costs),
            documents=tuple(Item(**structs.asdict(one)) for one in self.documents),
        )

    def whole(self) -> None:
        """Raise ValueError where a language lacks what English says: a State's file is whole."""
        if missing := [language for language in ALWAYS if language not in self.texts]:
            raise ValueError(f"{self.slug}: texts of {', '.join(missing)} are missing")
        for language, texts in self.texts.items():
            for key in TEXT_KEYS:
                if getattr(self.texts["en"], key) and not getattr(texts, key):
                    raise ValueError(f"{self.slug}: texts of {language}: {key} is missing")


def read_service(raw: Mapping[str, object]) -> ServiceFacts:
    """The facts of a service that somebody typed, in the file's form. Raises RuleFileWrong."""
    return as_rules(raw, "", _Service).facts()


def read_services(file: Path) -> tuple[Entry, ...]:
    """The services of a State's file (``Law.services``). Raises RuleFileWrong."""
    found = read_rules(file, tuple[_Service, ...])
    try:
        for one in found:
            one.whole()
        once((one.slug for one in found), "the service")
    except ValueError as error:
        raise RuleFileWrong(file.name, "", str(error)) from error
    return tuple(Entry(one.position, one.facts()) for one in found)
