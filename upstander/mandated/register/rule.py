"""What a rule set says of the register: how long entries are kept, and what may be disclosed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from upstander.mandated import rule_sets
from upstander.mandated.register.models import Entry


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
    """Return a rule set's rule for the register. Raises KeyError when it has none."""
    rules = rule_sets.rule_set(key)
    file = Path(rule_sets.__file__).with_name(f"{rules.key.replace('-', '_')}.toml")
    data = tomllib.loads(file.read_text("utf-8"))["register"]
    outcomes = {str(one) for one in Entry.Outcome if one != Entry.Outcome.UNPROVEN}
    if set(data["keep"]["years"]) != outcomes or set(data["told"]["outcomes"]) - set(Entry.Outcome):
        raise ValueError(f"{key}: the register's outcomes are {sorted(outcomes)}")
    return RegisterRule(
        keep_years=data["keep"]["years"],
        keep_source=data["keep"]["source"],
        keep_confirmed=data["keep"]["confirmed"],
        told=frozenset(data["told"]["outcomes"]),
        answer_days=data["told"]["answer_working_days"],
        told_source=data["told"]["source"],
        told_confirmed=data["told"]["confirmed"],
    )
