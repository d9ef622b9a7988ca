"""What is known of a service, as plain values.

The State's file and the records of the database both become a ``ServiceFacts``, so that hours,
cards and tests know one shape only (``records`` turns one into the other).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

#: The texts of a service in one language. Name and description are never empty.
TEXT_KEYS = ("name", "description", "what_happens", "ages", "cost", "area")
#: What a shelter's card may say, since it doesn't tell where the shelter is. A new key is refused
#: for shelters until somebody has thought about that, and put it here.
OF_SHELTERS = frozenset({"name", "description", "what_happens", "ages", "cost", "area"})


#: So long what somebody checked is said as a fact; after that with the day of the check.
CHECKED_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ContactFact:
    """One way to reach a service."""

    kind: str
    #: Digits with blanks or hyphens for a phone, an https address for chat and web.
    value: str
    #: What to press after calling or which word to text.
    then: str = ""
    #: A line for speakers of one language; empty for everybody.
    language: str = ""
    #: Its id in the record, by which somebody says that it did not work.
    id: str = field(default="", compare=False)

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
    """One opening rule, in the service's own wall-clock time. No rule at all means: not known.

    A day's ``closes`` that is earlier than its ``opens`` lies on the next day; midnight at the end
    of a day is 00:00 of the next.
    """

    always: bool = False
    #: 0 is Monday, as in datetime.date.weekday().
    weekday: int | None = None
    opens: time | None = None
    closes: time | None = None
    #: The first and last day on which this holds; none means without limit.
    effective_from: date | None = None
    effective_to: date | None = None
    time_zone: str = "America/New_York"
    on_holidays: str = "unknown"
    #: Another source than the service's, which gives these hours; empty: the service's own.
    source: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on ``day`` at all."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which a service is closed, whatever its hours are; both of them among these."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Places:
    """How many places were free (beds, seats, turns), and when a keeper said so (UTC)."""

    free: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A paper that a service asks for; or a price, and for whom it is."""

    words: str
    #: None: not said.
    amount: float | None = None
    #: ISO 4217; empty: not said.
    currency: str = ""
    #: Its id in the record.
    id: str = field(default="", compare=False)
    #: The words of a paper in other languages than English.
    texts: Mapping[str, str] = field(default_factory=dict)


#: So long such a number is believed.
PLACES_FOR = timedelta(hours=4)


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
    lines: tuple[ContactFact, ...]
    hours: tuple[Hours, ...]
    #: Confirmed by no person: federal law sets the number (911, 988), and it doesn't age.
    by_law: bool = False
    #: Whether a text to it is safe from others' eyes.
    safe_to_text: str = "unknown"
    closures: tuple[Closure, ...] = ()
    #: Hours that another source gives: shown beside its own until a keeper says which hold.
    disputed: tuple[Hours, ...] = ()
    places: Places | None = None
    #: Whom it is for, in years, both of them among these; None: not said.
    youngest: float | None = None
    oldest: float | None = None
    costs: tuple[Item, ...] = ()
    #: What to bring.
    documents: tuple[Item, ...] = ()
    #: The HSDS service that says all of this; of what stands in no database yet, nothing.
    record: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def is_stale(self, today: date) -> bool:
        """Whether somebody confirmed it, but too long ago for "open now" to be believed."""
        return (
            self.confirmed
            and not self.by_law
            and self.checked_on is not None
            and self.checked_on + CHECKED_FOR < today
        )


def _dialled(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    # Ten digits are dialled alike from anywhere only with the country's code.
    if len(digits) == 10:
        return f"+1{digits}"
    return f"+{digits}" if len(digits) == 11 else digits
