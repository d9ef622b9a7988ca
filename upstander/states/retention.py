"""What a schedule's file holds, as types that the sweeps and the page use."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext, ngettext
from msgspec import Meta, field

from upstander.rulefiles import Key, Permits, RuleType, Words, once

Positive = Annotated[int, Meta(ge=1, description="a whole number of 1 or more")]


#: What something is about, as far as it has rules of its own: suspected abuse or neglect, somebody
#: on staff, sexual harm and what else Title IX means (the database's ``retention_about`` says it).
About = Literal["abuse", "staff", "sexual", "none", "any"]


class Rule(Permits, frozen=True, kw_only=True):
    """How long one sort of thing is kept after its end; exactly one of the three is set.

    ``schedule`` means a number of years that an administrator sets; without one it is kept. None
    permits anything to go before an administrator has confirmed it.
    """

    key: Key
    kind: Key
    words: Words
    #: None: whether it is life safety makes no difference.
    life_safety: bool | None = None
    #: Only what ended so; empty: however it ended, except as an earlier rule of its kind says.
    dispositions: frozenset[str] = frozenset()
    about: About = "none"
    days: Positive | None = None
    school_years: Positive | None = None
    schedule: bool = False

    def __post_init__(self) -> None:
        if sum(map(bool, (self.days, self.school_years, self.schedule))) != 1:
            raise ValueError(f"{self.key} must say one of days, school_years, schedule")

    @property
    def says(self) -> str:
        """How long, in words."""
        if self.days:
            return ngettext(
                "%(days)s day after the end", "%(days)s days after the end", self.days
            ) % {"days": self.days}
        if self.school_years == 1:
            return gettext("until the end of the next school year")
        if self.school_years:
            return gettext("until %(years)s more school years have ended") % {
                "years": self.school_years
            }
        return gettext(
            "as many years as an administrator sets for a district; until then it is kept"
        )


class Schedule(RuleType, frozen=True, kw_only=True):
    """One state's rules, in the order in which they apply."""

    key: str = ""
    #: Month and day, as in 06-30.
    ends: Annotated[
        str, Meta(pattern=r"\A\d\d-\d\d\Z", description="month and day, like 06-30")
    ] = field(name="school_year_ends")
    rules: Annotated[tuple[Rule, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        once((rule.key for rule in self.rules), "the rule")
        date(2026, *self.school_year_ends)  # else a day that no year has is found on that day only

    @property
    def school_year_ends(self) -> tuple[int, int]:
        """Month and day on which a school year ends."""
        month, day = map(int, self.ends.split("-"))
        return month, day

    @property
    def file(self) -> str:
        """The name under which its rules are confirmed."""
        return f"keep-{self.key}"

    def rule(self, key: str) -> Rule:
        """Return one rule. Raises KeyError."""
        return {rule.key: rule for rule in self.rules}[key]

    def excepted(self, rule: Rule) -> frozenset[str]:
        """Return the endings that an earlier rule of the same kind has taken."""
        if rule.dispositions:
            return frozenset()
        earlier = self.rules[: self.rules.index(rule)]
        return frozenset().union(
            *(
                one.dispositions
                for one in earlier
                if one.kind == rule.kind
                and one.about == rule.about
                and one.life_safety in (None, rule.life_safety)
            )
        )
