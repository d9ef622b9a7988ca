"""What a rule set says of the register: how long entries are kept, and what may be disclosed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from upstander.mandated.register.models import Entry
from upstander.mandated.rule_sets import rule_set
from upstander.rulefiles import RuleFileWrong


@dataclass(frozen=True, slots=True)
class RegisterRule:
    """One state's rule for the register."""

    #: Outcome → years that an entry is kept after the day of its outcome.
    keep_years: Mapping[str, int]
    keep_source: str
    keep_confirmed: bool
    #: Outcomes of which somebody who hires is told; the others are not theirs to know.
    told: frozenset[str]
    #: Working days in which such a question is answered.
    answer_days: int
    told_source: str
    told_confirmed: bool

    def keep_until(self, outcome: str, on: date | None) -> date | None:
        """Return the last day on which an entry is kept; None: without end, while unproven."""
        if outcome == Entry.Outcome.UNPROVEN or on is None:
            return None
        years = self.keep_years[outcome]
        try:
            return on.replace(year=on.year + years)
        except ValueError:  # 29 February
            return on.replace(year=on.year + years, month=3, day=1)


@cache
def register_rule(key: str) -> RegisterRule:
    """Return a rule set's rule for the register. Raises KeyError when it has none, RuleFileWrong
    when it speaks of outcomes that the register doesn't have."""
    part = rule_set(key).register
    if part is None:
        raise KeyError(key)
    keep, told = part.keep, part.told
    outcomes = {str(one) for one in Entry.Outcome if one != Entry.Outcome.UNPROVEN}
    if set(keep.years) != outcomes or told.outcomes - set(Entry.Outcome):
        raise RuleFileWrong(key, "register", f"the register's outcomes are {sorted(outcomes)}")
    return RegisterRule(
        keep_years=keep.years,
        keep_source=keep.source,
        keep_confirmed=keep.confirmed,
        told=told.outcomes,
        answer_days=told.answer_working_days,
        told_source=told.source,
        told_confirmed=told.confirmed,
    )
