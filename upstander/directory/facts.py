"""What is known of a service, as plain values.

The staff reads services through the ORM, the public process as JSON from one SQL function; both
become a ``ServiceFacts`` here, so that hours, cards and tests know one shape only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from upstander.directory.models import ContactLine, OpeningHours, Service

#: The texts of a service in one language. Name and description are never empty.
TEXT_KEYS = ("name", "description", "what_happens", "ages", "cost", "area")


@dataclass(frozen=True, slots=True)
class Line:
    """One way to reach a service."""

    kind: str
    value: str
    then: str = ""
    language: str = ""

    @property
    def href(self) -> str:
        """The address behind the link: ``tel:``, ``sms:`` or https."""
        if self.kind in ("call", "tty"):
            return f"tel:{_dialled(self.value)}"
        if self.kind == "text":
            return f"sms:{_dialled(self.value)}"
        return self.value

    @property
    def shown(self) -> str:
        """The number as printed, or the name of the page without its scheme."""
        if self.kind in ("chat", "web"):
            return re.sub(r"^https?://(www\.)?", "", self.value).rstrip("/")
        return self.value


@dataclass(frozen=True, slots=True)
class Hours:
    """One opening rule; see OpeningHours for what the values mean."""

    always: bool = False
    weekday: int | None = None
    opens: time | None = None
    closes: time | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    time_zone: str = "America/New_York"
    on_holidays: str = "unknown"

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on ``day`` at all."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Everything that a card shows, in all languages."""

    slug: str
    kind: str
    agency: str
    texts: Mapping[str, Mapping[str, str]]
    languages: tuple[str, ...]
    mandated_reporter: str
    police: str
    source_url: str
    confirmed: bool
    checked_on: date | None
    listed: bool
    lines: tuple[Line, ...]
    hours: tuple[Hours, ...]


def _dialled(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    # Ten digits are dialled alike from anywhere only with the country's code.
    if len(digits) == 10:
        return f"+1{digits}"
    return f"+{digits}" if len(digits) == 11 else digits


def facts_of(service: Service) -> ServiceFacts:
    """The facts of a row whose lines and hours were prefetched (else it costs two queries)."""
    lines: Iterable[ContactLine] = service.lines.all()
    hours: Iterable[OpeningHours] = service.hours.all()
    return ServiceFacts(
        slug=service.slug,
        kind=service.kind,
        agency=service.agency,
        texts=service.texts,
        languages=tuple(service.languages),
        mandated_reporter=service.mandated_reporter,
        police=service.police,
        source_url=service.source_url,
        confirmed=service.confirmed,
        checked_on=service.checked_on,
        listed=service.listed,
        lines=tuple(Line(x.kind, x.value, x.then, x.language) for x in lines),
        hours=tuple(
            Hours(
                always=x.always,
                weekday=x.weekday,
                opens=x.opens,
                closes=x.closes,
                effective_from=x.effective_from,
                effective_to=x.effective_to,
                time_zone=x.time_zone,
                on_holidays=x.on_holidays,
            )
            for x in hours
        ),
    )


def facts_from_json(raw: Mapping[str, Any]) -> ServiceFacts:
    """The facts of one element of what ``api.public_services`` returns."""
    return ServiceFacts(
        slug=raw["slug"],
        kind=raw["kind"],
        agency=raw["agency"],
        texts=raw["texts"],
        languages=tuple(raw["languages"]),
        mandated_reporter=raw["mandated_reporter"],
        police=raw["police"],
        source_url=raw["source_url"],
        confirmed=raw["confirmed"],
        checked_on=_date(raw["checked_on"]),
        listed=True,
        lines=tuple(Line(**line) for line in raw["lines"]),
        hours=tuple(
            Hours(
                always=rule["always"],
                weekday=rule["weekday"],
                opens=_time(rule["opens"]),
                closes=_time(rule["closes"]),
                effective_from=_date(rule["effective_from"]),
                effective_to=_date(rule["effective_to"]),
                time_zone=rule["time_zone"],
                on_holidays=rule["on_holidays"],
            )
            for rule in raw["hours"]
        ),
    )


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _time(value: str | None) -> time | None:
    return time.fromisoformat(value) if value else None
