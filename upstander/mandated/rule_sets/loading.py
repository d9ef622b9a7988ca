"""Reading a rule set's file into types that the clocks and the pages use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

Unit = Literal["hours", "working_days", "school_days"]

#: Minutes: after a deadline has passed, whoever owes is called so often, unless the rule says else.
LATE_EVERY = 30


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make the first report: whom it goes to, and when it is open."""

    key: str
    label: str
    phone: str
    #: Only where nothing emergent was answered "yes".
    only_if_not_emergent: bool
    #: Weekdays (0 = Monday) and local hours in which it is received; empty: at any hour.
    weekdays: frozenset[int]
    opens: time | None
    closes: time | None
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something due a fixed time after an event; whose it is, and where that is written."""

    key: str
    label: str
    after: str
    amount: int
    unit: Unit
    owner: str
    source: str
    confirmed: bool

    @property
    def hours(self) -> timedelta:
        """The interval in elapsed time. Raises ValueError for one that counts days."""
        if self.unit != "hours":
            raise ValueError(f"{self.key} counts {self.unit}")
        return timedelta(hours=self.amount)


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One kind of duty: its two clocks, how it can be met, and what it asks."""

    key: str
    label: str
    who: str
    first: Deadline
    written: Deadline
    form: str
    ways: tuple[str, ...]
    emergent: tuple[tuple[str, str], ...]
    #: What came of the first report must be answered by then, if at all.
    follow: tuple[Deadline, ...]
    #: The child's age from which this kind does not apply; None: it has no limit.
    under_age: int | None
    about_staff: bool
    #: As what an allegation about staff is filed in the register (register/models.py).
    allegation: str
    #: Questions of this kind of duty alone: key, question, and what a yes means for it.
    asks: tuple[tuple[str, str, str], ...]
    #: Whether questioning on the matter waits until the first report is made.
    hold: bool
    #: Reminders of its own in place of the rule set's; how it goes on after a deadline.
    reminders: tuple[tuple[timedelta, str], ...]
    late_every: timedelta
    late_by: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What one state's law asks of its mandated reporters."""

    key: str
    name: str
    agency: str
    emergency: str
    ways: Mapping[str, Way]
    duties: Mapping[str, DutyRule]
    #: Named times before a deadline at which whoever owes is reminded; the last ones by phone.
    reminders: tuple[tuple[timedelta, str], ...]


@cache
def _files() -> Mapping[str, Path]:
    """Every rule set's file by its key; a key that was typed never becomes a file's name."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {file.stem.replace("_", "-"): file for file in files}


@cache
def rule_set(key: str) -> RuleSet:
    """Return a rule set by its key (``us-ct``). Raises KeyError when there is no such file."""
    return _read(key, tomllib.loads(_files()[key].read_text("utf-8")))


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """Return every rule set that there is a file for, by key."""
    return tuple(map(rule_set, _files()))


def _read(key: str, data: dict[str, Any]) -> RuleSet:
    ways = {name: _way(name, one) for name, one in data["ways"].items()}
    duties = {name: _duty(name, one) for name, one in data["duties"].items()}
    for duty in duties.values():
        if unknown := set(duty.ways) - set(ways):
            raise ValueError(f"{key}: {duty.key} names ways that do not exist: {sorted(unknown)}")
    return RuleSet(
        key=key,
        name=data["name"],
        agency=data["agency"],
        emergency=data["emergency"],
        ways=ways,
        duties=duties,
        reminders=_reminders(data["reminders"]),
    )


def _reminders(rows: list[dict[str, Any]]) -> tuple[tuple[timedelta, str], ...]:
    return tuple((timedelta(minutes=one["minutes_before"]), one["by"]) for one in rows)


def _way(key: str, data: dict[str, Any]) -> Way:
    return Way(
        key=key,
        label=data["label"],
        phone=data.get("phone", ""),
        only_if_not_emergent=data.get("only_if_not_emergent", False),
        weekdays=frozenset(data.get("weekdays", [])),
        opens=data.get("opens"),
        closes=data.get("closes"),
        source=data["source"],
        confirmed=data["confirmed"],
    )


def _duty(key: str, data: dict[str, Any]) -> DutyRule:
    return DutyRule(
        key=key,
        label=data["label"],
        who=data["who"],
        first=_deadline("first", "cause", data["first"]),
        written=_deadline("written", "first", data["written"]),
        form=data["form"],
        ways=tuple(data["ways"]),
        emergent=tuple((one["key"], one["question"]) for one in data.get("emergent", [])),
        follow=tuple(_deadline(one["key"], one["after"], one) for one in data.get("follow", [])),
        under_age=data.get("under_age"),
        about_staff=data.get("about_staff", False),
        allegation=data.get("allegation", "unknown"),
        asks=tuple((one["key"], one["question"], one["if_yes"]) for one in data.get("asks", [])),
        hold=data.get("hold", True),
        reminders=_reminders(data.get("reminders", [])),
        late_every=timedelta(minutes=data.get("late", {}).get("minutes", LATE_EVERY)),
        late_by=data.get("late", {}).get("by", "call"),
    )


def _deadline(key: str, after: str, data: dict[str, Any]) -> Deadline:
    return Deadline(
        key=key,
        label=data["label"],
        after=after,
        amount=data["amount"],
        unit=data["unit"],
        owner=data.get("owner", "reporter"),
        source=data["source"],
        confirmed=data["confirmed"],
    )
