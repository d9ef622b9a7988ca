"""Reading a schedule's file into types that the sweeps and the page use."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

#: The schedule of every district, until there is a second file.
USUAL = "us-ct"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one sort of thing is kept after its end; exactly one of the three is set.

    ``schedule`` means a number of years that an administrator sets; without one it is kept.
    """

    key: str
    kind: str
    words: str
    #: None: whether it is life safety makes no difference.
    life_safety: bool | None
    #: Only what ended so; empty: however it ended, except as an earlier rule of its kind says.
    dispositions: frozenset[str]
    days: int | None
    school_years: int | None
    schedule: bool
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """One state's rules, in the order in which they apply."""

    key: str
    name: str
    #: Month and day on which a school year ends.
    school_year_ends: tuple[int, int]
    rules: tuple[Rule, ...]

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
                if one.kind == rule.kind and one.life_safety in (None, rule.life_safety)
            )
        )


@cache
def schedule_of(key: str = USUAL) -> Schedule:
    """Return a schedule by its key. Raises KeyError: no such file; ValueError: it says nonsense."""
    if not key.replace("-", "").isalnum():
        raise KeyError(key)
    file = Path(__file__).with_name(f"{key.replace('-', '_')}.toml")
    if not file.exists():
        raise KeyError(key)
    data = tomllib.loads(file.read_text("utf-8"))
    month, day = map(int, data["school_year_ends"].split("-"))
    date(2026, month, day)  # a day that no year has would be found on that day only
    rules = tuple(_rule(key, one) for one in data["rules"])
    if len({rule.key for rule in rules}) != len(rules):
        raise ValueError(f"{key} has two rules of one key")
    return Schedule(key, data["name"], (month, day), rules)


def _rule(schedule: str, data: dict[str, Any]) -> Rule:
    lasts = [name for name in ("days", "school_years", "schedule") if data.get(name)]
    if len(lasts) != 1:
        raise ValueError(f"{schedule}: {data['key']} must say one of days, school_years, schedule")
    return Rule(
        key=data["key"],
        kind=data["kind"],
        words=data["words"],
        life_safety=data.get("life_safety"),
        dispositions=frozenset(data.get("dispositions", ())),
        days=data.get("days"),
        school_years=data.get("school_years"),
        schedule=data.get("schedule", False),
        source=data["source"],
        confirmed=data["confirmed"],
    )
