"""What a State's files of duties and of the register hold, as types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from types import MappingProxyType
from typing import Annotated, Literal

from django.utils.translation import gettext, ngettext
from msgspec import Meta

from upstander.rulefiles import (
    Permits,
    Protects,
    RuleType,
    Words,
    key_entries,
    once,
    placed,
)
from upstander.states.said import event_words, interval_words, owner_words
from upstander.ui.times import clock

Unit = Literal["hours", "working_days", "school_days"]
#: How somebody is reminded: on the desk, by every way but a call, by phone.
By = Literal["notice", "page", "call"]
Positive = Annotated[int, Meta(ge=1, description="a whole number of 1 or more")]


class Way(Protects, frozen=True, kw_only=True):
    """One way to make the first report: whom it goes to, and when it is open."""

    key: str = ""
    label: Words
    #: How sentences call whoever answers there ("the Hotline").
    called: str = ""
    phone: str = ""
    #: Only where nothing emergent was answered "yes".
    only_if_not_emergent: bool = False
    #: Weekdays (0 = Monday) and local hours in which it is received; empty: at any hour.
    weekdays: frozenset[Annotated[int, Meta(ge=0, le=6)]] = frozenset()
    opens: time | None = None
    closes: time | None = None

    def __post_init__(self) -> None:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("opens and closes stand together, or neither does")

    @property
    def name(self) -> str:
        """Its name alone, as in every language: "by phone" stands in English in the label."""
        return self.label.partition(",")[0]

    @property
    def permits(self) -> bool:
        """Whether it spares a call: a way that is open to some reports alone."""
        return self.only_if_not_emergent

    @property
    def says(self) -> str:
        """Its number, its hours, and whether only some may use it."""
        parts = [self.phone or gettext("no number")]
        if self.opens and self.closes:
            hours = {"opens": clock(self.opens), "closes": clock(self.closes)}
            parts.append(gettext("%(opens)s to %(closes)s") % hours)
        if self.only_if_not_emergent:
            parts.append(gettext("only where nothing is urgent"))
        return ", ".join(parts)


class Deadline(Protects, frozen=True, kw_only=True):
    """Something due a fixed time after an event; whose it is, and where that is written."""

    key: str = ""
    label: Words
    after: str = ""
    amount: Positive
    unit: Unit
    owner: Words = "reporter"
    #: It tells families something: whether home is safe is asked for each before it is done.
    tells_families: bool = False

    @property
    def interval(self) -> str:
        """How long it gives, in words: "48 hours", "2 school days"."""
        return interval_words(self.amount, self.unit)

    @property
    def hours(self) -> timedelta:
        """The interval in elapsed time. Raises ValueError for one that counts days."""
        if self.unit != "hours":
            raise ValueError(f"{self.key} counts {self.unit}")
        return timedelta(hours=self.amount)

    @property
    def says(self) -> str:
        """How long after what, and whose it is."""
        return gettext("%(interval)s after %(event)s, owed by %(owner)s") % {
            "interval": self.interval,
            "event": event_words(self.after),
            "owner": owner_words(self.owner),
        }


class Ahead(RuleType, frozen=True):
    """A reminder so many minutes before something is due."""

    minutes_before: Positive
    by: By


class Late(RuleType, frozen=True):
    """After a deadline has passed, whoever owes is reminded so often."""

    #: A day at most: the database lets no reminder go further (mandated_reminder_soon).
    minutes: Annotated[int, Meta(ge=1, le=1440, description="minutes, a day at most")] = 30
    by: By = "call"


class Emergent(RuleType, frozen=True):
    """A question that decides whether a report may be electronic."""

    key: Words
    question: Words


class Ask(RuleType, frozen=True):
    """A question of one kind of duty alone, and what a yes means for it."""

    key: Words
    question: Words
    if_yes: Words


class DutyRule(RuleType, frozen=True, kw_only=True):
    """One kind of duty: its two clocks, how it can be met, and what it asks."""

    key: str = ""
    label: Words
    who: Words
    first: Deadline
    written: Deadline
    form: Words
    ways: tuple[str, ...]
    emergent: tuple[Emergent, ...] = ()
    #: What came of the first report must be answered by then, if at all.
    follow: tuple[Deadline, ...] = ()
    #: The child's age from which this kind does not apply; None: it has no limit.
    under_age: Positive | None = None
    about_staff: bool = False
    #: As what an allegation about staff is filed in the register (register/models.py).
    allegation: Words = "unknown"
    asks: tuple[Ask, ...] = ()
    #: Whose the investigation is: only a school's own is written down as ended by its office.
    inquiry: Literal["agency", "school"] = "agency"
    #: Whether questioning on the matter waits until the first report is made.
    hold: bool = True
    #: Reminders of its own in place of the rule set's; how it goes on after a deadline.
    reminders: tuple[Ahead, ...] = ()
    late: Late = Late()

    def __post_init__(self) -> None:
        placed(self.first, key="first", after="cause")
        placed(self.written, key="written", after="first")
        if not all(one.key and one.after for one in self.follow):
            raise ValueError("what follows must say its key and after which event")
        once((one.key for one in (self.first, self.written, *self.follow)), "the deadline")
        once([one.key for one in self.emergent] + [one.key for one in self.asks], "the question")

    @property
    def late_every(self) -> timedelta:
        """How often whoever owes is reminded once a deadline has passed."""
        return timedelta(minutes=self.late.minutes)

    @property
    def late_by(self) -> By:
        """By what."""
        return self.late.by


class KeepRule(Permits, frozen=True, kw_only=True):
    """After how many years from the day of its outcome an entry of the register may go."""

    label: Words = "The register: how long an entry is kept"
    years: Mapping[str, Positive]

    @property
    def says(self) -> str:
        """Years by outcome."""
        return ", ".join(
            ngettext("%(outcome)s: %(years)s year", "%(outcome)s: %(years)s years", years)
            % {"outcome": outcome, "years": years}
            for outcome, years in self.years.items()
        )


class ToldRule(Protects, frozen=True, kw_only=True):
    """Outcomes of which somebody who hires is told, and within how many days."""

    label: Words = "The register: what someone who hires is told"
    outcomes: frozenset[str]
    answer_working_days: Positive

    @property
    def says(self) -> str:
        """Which outcomes, and by when."""
        told = ", ".join(sorted(self.outcomes))
        within = interval_words(self.answer_working_days, "working_days")
        return gettext("%(told)s; within %(interval)s") % {"told": told, "interval": within}


class RegisterPart(RuleType, frozen=True):
    """What a State's register.toml says (``mandated/register/rule.py``)."""

    keep: KeepRule
    told: ToldRule


class Reporter(Protects, frozen=True, kw_only=True):
    """Who reports like everybody who must, although what they hear is privileged."""

    key: str = ""
    label: Words
    says: Words


class RuleSet(RuleType, frozen=True, kw_only=True):
    """What one state's law asks of its mandated reporters."""

    key: str = ""
    name: Words
    agency: Words
    emergency: Words
    #: Which of the ways answers at any hour, where a child is being hurt.
    hotline: Words
    ways: Mapping[str, Way]
    duties: Mapping[str, DutyRule]
    #: Named times before a deadline at which whoever owes is reminded; the last ones by phone.
    reminders: Annotated[tuple[Ahead, ...], Meta(min_length=1)]
    #: Whom privilege frees of no duty: "advocates".
    reporters: Mapping[str, Reporter] = MappingProxyType({})
    #: Of a file of its own, beside this one.
    register: RegisterPart | None = None

    def __post_init__(self) -> None:
        key_entries(self.ways)
        key_entries(self.duties)
        key_entries(self.reporters)
        phone = self.ways.get(self.hotline)
        if phone is None or not (phone.phone and phone.called) or phone.opens:
            raise ValueError("the hotline must be a way with a phone, a name, and no hours")
        if not any(self.hotline in duty.ways for duty in self.duties.values()):
            raise ValueError("no duty can be met by the hotline")
        for duty in self.duties.values():
            if unknown := set(duty.ways) - set(self.ways):
                raise ValueError(f"{duty.key} names ways that do not exist: {sorted(unknown)}")

    @property
    def phoned(self) -> Way:
        """The hotline."""
        return self.ways[self.hotline]

    @property
    def phoned_for(self) -> DutyRule:
        """The duty that the hotline is there for: a child is being hurt."""
        return next(duty for duty in self.duties.values() if self.hotline in duty.ways)

    @property
    def phoned_first(self) -> Deadline:
        """How soon the hotline is to be phoned, where a child is being hurt."""
        return self.phoned_for.first

    @property
    def phone_within(self) -> str:
        """Where a child is being hurt: whom to phone, and how soon, for a sentence."""
        soon = self.phoned_first
        return gettext("%(called)s, %(phone)s, within %(interval)s") % {
            "called": self.phoned.called,
            "phone": self.phoned.phone,
            "interval": soon.interval,
        }
