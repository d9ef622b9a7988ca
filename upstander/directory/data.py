"""What the data file of services holds, as types. A mistake in it stops the load."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from importlib.resources import files
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, structs

from upstander.directory.facts import TEXT_KEYS, Hours, Line, ServiceFacts
from upstander.directory.models import HolidayRule, Kind, Known, LineKind
from upstander.places.tables import LANGUAGES
from upstander.rulefiles import Key, RuleFileWrong, RuleType, Words, as_rules, once, read_rules

FILE = "connecticut.json"
_NUMBER = re.compile(r"^\+?[0-9][0-9 -]{1,20}$")
_ADDRESS = r"^https://[a-z0-9.-]+(/\S*)?$"
#: Hours and minutes at the place itself.
ClockTime = Annotated[
    str, Meta(pattern=r"\A([01]\d|2[0-3]):[0-5]\d\Z", description="a time like 09:30")
]
#: Besides codes of languages: any other one by interpreter; American Sign Language.
type LanguageKey = Literal["en", "es", "ar", "interpreter", "asl"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One service of the file and its place in the list."""

    position: int
    facts: ServiceFacts


class _Line(RuleType, frozen=True):
    kind: LineKind
    value: Words
    then: str = ""
    language: Literal["", "en", "es", "ar"] = ""

    def __post_init__(self) -> None:
        pattern = re.compile(_ADDRESS) if self.kind in ("chat", "web") else _NUMBER
        if not pattern.match(self.value):
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

    def __post_init__(self) -> None:
        timed = (self.weekday, self.opens, self.closes)
        if self.always and timed != (None, None, None):
            raise ValueError("always open, so no days and times")
        if not self.always and None in timed:
            raise ValueError("day and times are missing")
        if not self.always and self.opens == self.closes:
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
        )


class _Texts(RuleType, frozen=True):
    name: Words
    description: Words
    what_happens: str
    ages: str
    cost: str
    area: str


class _Service(RuleType, frozen=True, kw_only=True):
    slug: Key
    kind: Kind
    position: int
    agency: str
    texts: Mapping[Literal["en", "es", "ar"], _Texts]
    languages: tuple[LanguageKey, ...]
    mandated_reporter: Known
    police: Known
    source_url: Annotated[
        str, Meta(pattern=_ADDRESS, description="an address (https): every fact needs a source")
    ]
    confirmed: bool
    checked_on: date | None
    lines: Annotated[
        tuple[_Line, ...],
        Meta(min_length=1, description="a list: else there is no way to reach it"),
    ]
    hours: tuple[_Hours, ...]

    def __post_init__(self) -> None:
        if missing := [language for language in LANGUAGES if language not in self.texts]:
            raise ValueError(f"texts of {', '.join(missing)} are missing")
        for language, texts in self.texts.items():
            for key in TEXT_KEYS:
                if bool(getattr(texts, key)) != bool(getattr(self.texts["en"], key)):
                    raise ValueError(f"texts of {language}: {key} stands in one language only")
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
                Line(**structs.asdict(one) | {"kind": one.kind.value}) for one in self.lines
            ),
            hours=tuple(one.facts() for one in self.hours),
        )


def _entry(raw: Mapping[str, Any]) -> Entry:
    found = as_rules(raw, FILE, _Service)
    return Entry(found.position, found.facts())


def read_services(name: str = FILE) -> tuple[Entry, ...]:
    """The services of ``directory/data/<name>``. Raises RuleFileWrong."""
    found = read_rules(files("upstander.directory").joinpath("data", name), tuple[_Service, ...])
    try:
        once((one.slug for one in found), "the service")
    except ValueError as error:
        raise RuleFileWrong(name, "", str(error)) from error
    return tuple(Entry(one.position, one.facts()) for one in found)
