"""Which training a State's law asks of a school's employees, and when again."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils.translation import gettext, ngettext
from msgspec import Meta

from upstander.rulefiles import Key, Protects, RuleType, Words, once

type _Whole = Annotated[int, Meta(ge=0, le=1_000, description="a whole number, at most 1,000")]


class Owed(Protects, frozen=True, kw_only=True):
    """A course that employees owe after they are hired, and again each so many months.

    It runs before anybody has confirmed it, and says so wherever it is shown.
    """

    key: Key
    words: Words
    #: The course that is owed once, and what is owed after it; none: the same again.
    course: Key
    refresher: Key | None = None
    #: Who owes it, as personnel files call jobs, in small letters; none: everybody.
    jobs: tuple[Words, ...] = ()
    #: Days after the day of hire; and of the return from a leave in which it fell due.
    days: _Whole
    #: After so many months again; 0: never.
    months: _Whole
    #: What was completed before this day counts no more: the law has changed since.
    outdated_on: date | None = None

    @property
    def says(self) -> str:
        """By when, and when again."""
        first = ngettext(
            "%(count)s day after the day of hire", "%(count)s days after the day of hire", self.days
        ) % {"count": self.days}
        if not self.months:
            return first
        again = ngettext(
            "again after %(count)s month", "again after %(count)s months", self.months
        ) % {"count": self.months}
        return gettext("%(first)s, %(again)s") % {"first": first, "again": again}


class TrainingRules(RuleType, frozen=True, kw_only=True):
    """One State's file."""

    key: str = ""
    owed: Annotated[tuple[Owed, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        once((one.key for one in self.owed), "what is owed")

    @property
    def file(self) -> str:
        """The name under which its rules are confirmed."""
        return f"train-{self.key}"
