"""Who should go: offers planned over all callouts that wait and everybody free now or soon.

A pure function of what it is given: no database, no clock, no chance. The board asks it, and the
simulation of a year. It suggests; a dispatcher decides. Places are towns and sites, never where a
person is.

Numbers are minutes. Chance to be late: travel is taken as log-logistic around its expected minutes,
which is nearly log-normal and costs one exponential.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import numpy as np

#: A float array; its shape is said where it is used.
type Floats = np.ndarray[Any, np.dtype[np.float64]]
#: Minutes from the decision to go until somebody should be there: what the State counts by.
TARGET = 45.0
#: How far travel scatters around its expected minutes: the scale of its logarithm. It is that of a
#: normal distribution with a standard deviation of 0.3 (÷ 1.702, the logistic's usual match).
SCATTER = 0.3 / 1.702

#: Beyond all that could speak for somebody.
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Place:
    """A town's centroid or a site, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Clinician:
    """Somebody on shift. ``site`` indexes the sites; ``free_in`` is 0 for free now."""

    key: int
    site: int
    free_in: float = 0.0
    languages: frozenset[str] = frozenset()
    licensed: bool = True
    gone_today: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A callout that waits for somebody. ``waited``: since the decision to go."""

    key: int
    place: Place
    territory: int
    waited: float
    language: str = ""
    licensed: bool = False
    pair: bool = False
    #: Who said that they can't.
    but: frozenset[int] = frozenset()


class Travel(Protocol):
    """Whatever knows how long a way takes: by factors, or a routing server."""

    def minutes(self, sites: Sequence[Place], places: Sequence[Place]) -> Floats:
        """Return expected minutes, sites × places."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much against a quarter chance of being late (250).

    The order is the field's: not late, then language, skill, own territory, a fair share of the
    shift, and no site left empty. ``minute`` breaks ties and is all that counts once nobody can
    be there in time.
    """

    late: float = 1000.0
    minute: float = 2.0
    language: float = 120.0
    skill: float = 100.0
    territory: float = 15.0
    share: float = 4.0
    emptied: float = 25.0


class Why(StrEnum):
    """What spoke for or against the one suggested."""

    OWN_SITE = "own_site"
    OTHER_SITE = "other_site"
    SPEAKS = "speaks"
    INTERPRETER = "interpreter"
    SOON_FREE = "soon_free"
    LAST_OF_SITE = "last_of_site"
    SECOND = "second"


class Suggestion(NamedTuple):
    """Who should go where: ``minutes`` from now until there, ``late``: the chance (0 to 1)."""

    callout: int
    clinician: int
    minutes: float
    late: float
    free_in: float
    why: tuple[Why, ...]


def plan(
    waiting: Sequence[Waiting],
    staff: Sequence[Clinician],
    sites: Sequence[Place],
    travel: Travel,
    weights: Weights | None = None,
) -> list[Suggestion]:
    """Return at most one suggestion a callout (two for a pair), the likeliest to be late first.

    ``staff`` are those who may be asked: on shift, not shut out from the matter. A suggestion with
    ``free_in`` above 0 says to wait for somebody rather than to send another.
    """
    # It takes 50 MB of memory: whoever plans pays for it, not each process that reads this app.
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    if not waiting or not staff:
        return []
    by = weights or Weights()
    rows = [(callout, n) for callout in waiting for n in range(1 + callout.pair)]
    # A way depends on the site alone: looked up by site, not reckoned by person.
    home = np.array([one.site for one in staff], dtype=np.intp)
    until = np.array([one.free_in for one in staff], dtype=float)
    waited = np.array([row.waited for row, _ in rows], dtype=float)
    way = travel.minutes(sites, [row.place for row, _ in rows]).T
    late = chance_late(waited[:, None], until, way[:, home])
    free_here = until <= 0
    last = free_here & (np.bincount(home[free_here], minlength=len(sites))[home] == 1)
    territory = np.array([row.territory for row, _ in rows], dtype=np.intp)
    by_site = by.minute * way + by.territory * (territory[:, None] != np.arange(len(sites)))
    gone = np.array([one.gone_today for one in staff], dtype=float)
    by_person = by.minute * until + by.share * gone + by.emptied * last
    cost = by.late * late + by_site[:, home] + by_person
    _add_lacking(cost, rows, staff, by)
    shut = {
        n: [number for number, one in enumerate(staff) if one.key in row.but]
        for n, (row, _) in enumerate(rows)
        if row.but
    }
    for n, some in shut.items():
        cost[n, some] = _NEVER
    plans = [
        Suggestion(
            callout=rows[row][0].key,
            clinician=staff[one].key,
            minutes=float(way[row, home[one]]) + staff[one].free_in,
            late=float(late[row, one]),
            free_in=staff[one].free_in,
            why=_why(rows[row], staff[one], bool(last[one])),
        )
        for row, one in zip(*(found.tolist() for found in linear_sum_assignment(cost)), strict=True)
        if one not in shut.get(row, ())
    ]
    return sorted(plans, key=lambda plan: (-plan.late, plan.callout, plan.clinician))


def chance_late(waited: Floats, until_free: Floats, way: Floats) -> Floats:
    """Return the chance that ``way`` expected minutes end after the target, elementwise.

    Nobody who is free only after the target can be in time.
    """
    left = np.log(np.maximum(TARGET - waited - until_free, 1e-6))
    chance: Floats = 1.0 / (1.0 + np.exp((left - np.log(np.maximum(way, 1e-6))) / SCATTER))
    return chance


def _add_lacking(
    cost: Floats, rows: Sequence[tuple[Waiting, int]], staff: Sequence[Clinician], by: Weights
) -> None:
    """Add to ``cost`` (rows × staff) what is asked of a person and not there: language, licence."""
    asked: dict[tuple[str, bool], list[int]] = {}
    for n, (row, _) in enumerate(rows):
        if row.language or row.licensed:
            asked.setdefault((row.language, row.licensed), []).append(n)
    for (language, licensed), some in asked.items():
        cost[some] += [
            by.language * bool(language and language not in one.languages)
            + by.skill * (licensed and not one.licensed)
            for one in staff
        ]


def _why(row: tuple[Waiting, int], one: Clinician, last: bool) -> tuple[Why, ...]:
    callout, number = row
    found = [Why.OWN_SITE if callout.territory == one.site else Why.OTHER_SITE]
    if callout.language:
        found.append(Why.SPEAKS if callout.language in one.languages else Why.INTERPRETER)
    if one.free_in > 0:
        found.append(Why.SOON_FREE)
    if last:
        found.append(Why.LAST_OF_SITE)
    if number:
        found.append(Why.SECOND)
    return tuple(found)
