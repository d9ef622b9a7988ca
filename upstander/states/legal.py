"""Whom legal aid takes in a State: up to which income, in which counties."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext
from msgspec import Meta

from upstander.rulefiles import Permits, RuleType, Words

type _Whole = Annotated[int, Meta(ge=1, le=1_000_000, description="a whole number of 1 or more")]


class IncomeLine(Permits, frozen=True, kw_only=True):
    """Up to which income an office takes somebody: a share of the federal poverty guideline.

    Until it is confirmed it is shown as what nobody has checked, and says of nobody anything.
    """

    words: Words
    percent: _Whole
    #: The guideline, in dollars a year: for one person, and for each further one.
    one: _Whole
    more: _Whole
    #: Of which year it is.
    as_of: Words

    def dollars(self, people: int) -> int:
        """Return the line for a household of so many people, in dollars a year."""
        return (self.one + self.more * (people - 1)) * self.percent // 100

    @property
    def says(self) -> str:
        """The share, and the guideline that it is of."""
        return gettext("%(percent)s%% of $%(one)s a year, $%(more)s more a person (%(as_of)s)") % {
            "percent": self.percent,
            "one": self.one,
            "more": self.more,
            "as_of": self.as_of,
        }


class LegalAid(RuleType, frozen=True, kw_only=True):
    """One State's file."""

    key: str = ""
    counties: Annotated[tuple[Words, ...], Meta(min_length=1)]
    income: IncomeLine

    @property
    def file(self) -> str:
        """The name under which its line is confirmed."""
        return f"legal-{self.key}"
