"""A month of mobile crisis, whole: how many, how fast, from where, and what went before a late one.

Pure, times in UTC. A response is timed from the decision to go until somebody is there, and beside
it from the first call. What a family chose for later has no response time: it is counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upstander.callouts.clocks import WITHIN

_UNTIL: Final = (0, 15, 30, 45, 60, 90)
#: The whole distribution of response times, in minutes; a time on a border belongs to the lower.
BANDS: Final = (*(f"{low}–{high}" for low, high in pairwise(_UNTIL)), f"over {_UNTIL[-1]}")
#: So many of them are in time.
_IN_TIME: Final = 3

COLUMNS: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("episodes", _("Episodes")),
    ("by_phone", _("By phone only")),
    ("in_person", _("In person")),
    ("deferred", _("Deferred by the family")),
    ("timed", _("Response timed")),
    ("in_time", _("Within 45 minutes")),
    ("share", _("Within 45 minutes, %")),
    ("median", _("Median minutes")),
    ("not_reached", _("Decided, nobody there")),
)


@dataclass(frozen=True, slots=True)
class Episode:
    """One callout as the report counts it: no child, no name. ``hour``: of the call, local."""

    site: str
    way: str
    language: str
    hour: int
    asked_at: datetime
    go_at: datetime | None = None
    planned_at: datetime | None = None
    arrived_at: datetime | None = None
    #: Helped by phone, without a visit.
    by_phone: bool = False
    #: What was written down before somebody was there: codes of ``BEFORE``.
    before: frozenset[str] = frozenset()

    @property
    def deferred(self) -> bool:
        """Whether the family chose a later time, and nobody decided to go sooner."""
        return self.planned_at is not None and self.go_at is None

    @property
    def response(self) -> timedelta | None:
        """From the decision to go until somebody was there."""
        return self.arrived_at - self.go_at if self.arrived_at and self.go_at else None

    @property
    def since_call(self) -> timedelta | None:
        """From the first call, of the same."""
        return self.arrived_at - self.asked_at if self.arrived_at and self.go_at else None


class Figures(NamedTuple):
    """What is counted of some episodes. None: there is nothing of which it could be said."""

    episodes: int
    by_phone: int
    in_person: int
    deferred: int
    timed: int
    in_time: int
    share: int | None
    median: int | None
    not_reached: int
    bands: tuple[int, ...]
    bands_since_call: tuple[int, ...]


class Group(NamedTuple):
    """One row of a table."""

    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Month:
    """The whole report."""

    whole: Figures
    #: The tables' names, each with its groups.
    tables: tuple[tuple[str, tuple[Group, ...]], ...]
    #: Of those over 45 minutes, what went before, and how many of them: one may have several.
    late: tuple[tuple[str, int], ...]


def month_of(episodes: Iterable[Episode]) -> Month:
    """Count a month's episodes."""
    every = list(episodes)
    divided: Sequence[tuple[str, Callable[[Episode], str]]] = (
        ("site", lambda one: one.site),
        ("hour", lambda one: f"{one.hour:02}:00"),
        ("language", lambda one: one.language),
        ("source", lambda one: one.way),
    )
    late = [one for one in every if one.response is not None and one.response > WITHIN]
    why = Counter(code for one in late for code in one.before or {"none"})
    return Month(
        figures_of(every),
        tuple((name, _groups(every, key)) for name, key in divided),
        tuple(sorted(why.items(), key=lambda one: (-one[1], one[0]))),
    )


def figures_of(episodes: Sequence[Episode]) -> Figures:
    """Count some episodes."""
    times = sorted(one.response for one in episodes if one.response is not None)
    calls = [one.since_call for one in episodes if one.since_call is not None]
    bands = _bands(times)
    in_time = sum(bands[:_IN_TIME])
    middle = times[(len(times) - 1) // 2] if times else None
    return Figures(
        len(episodes),
        sum(one.by_phone for one in episodes),
        sum(one.arrived_at is not None for one in episodes),
        sum(one.deferred for one in episodes),
        len(times),
        in_time,
        round(100 * in_time / len(times)) if times else None,
        None if middle is None else int(middle.total_seconds() // 60),
        sum(one.go_at is not None and one.arrived_at is None for one in episodes),
        bands,
        _bands(calls),
    )


def _bands(times: Iterable[timedelta]) -> tuple[int, ...]:
    minutes = [one / timedelta(minutes=1) for one in times]
    ends = (*_UNTIL[1:], float("inf"))
    counted = Counter(next(at for at, end in enumerate(ends) if one <= end) for one in minutes)
    return tuple(counted[at] for at in range(len(BANDS)))


def _groups(episodes: Sequence[Episode], key: Callable[[Episode], str]) -> tuple[Group, ...]:
    names = sorted({key(one) for one in episodes})
    return tuple(Group(n, figures_of([one for one in episodes if key(one) == n])) for n in names)
