"""Invented geography, hours and arrivals, which sum to the published year.

Published (youth mobile crisis of one State, CHDI, fiscal year 2022): 13,328 episodes, 44 % of them
referred by schools, 92.1 % seen in person, 79.2 % of those within 45 minutes, 14 sites, nearly 150
clinicians. Everything else here is made up and varied in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from upstander.callouts.planning import Floats, Place
from upstander.callouts.travel import OVERHEAD, SPEED, ByFactors, straight_line

EPISODES, FROM_SCHOOLS, SITES = 13_328, 0.44, 14
DAYS, HOURS = 365, 24
MINUTES = DAYS * HOURS * 60
#: The invented State: 150 by 90 km, six regions, its larger towns near its sites.
REGIONS = ("North", "Lakes", "Harbor", "Valley", "East", "Hills")
_TOWNS, _GEOGRAPHY = 90, 20
#: 1 July of the published year was a Thursday; schools open from 30 August to 15 June.
_FIRST_WEEKDAY, _SCHOOL_FROM, _SCHOOL_TO = 3, 60, 349
_SCHOOL_HOURS = (0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 11, 11, 10, 10, 8, 3, 1, 0, 0, 0, 0, 0, 0, 0)
_HOME_HOURS = (3, 2, 1, 1, 1, 1, 1, 2, 3, 3, 4, 4, 4, 4, 5, 6, 8, 9, 10, 10, 9, 8, 6, 4)
_MONTHS = (6, 6, 8, 10, 10, 8, 9, 9, 10, 9, 10, 8)  # July first
#: How much longer a way takes by the hour, on workdays.
_TRAFFIC = (
    *(1, 1, 1, 1, 1, 1, 1.1, 1.3, 1.3, 1.15, 1.1, 1.1),
    *(1.15, 1.15, 1.2, 1.3, 1.35, 1.35, 1.2, 1.1, 1.05, 1, 1, 1),
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What nobody publishes. Minutes, shares and factors; ``staff`` scales everybody on shift.

    The middle values are calibrated so that the baseline meets the published year.
    """

    speed: float = SPEED  # km/h between town centres
    overhead: float = OVERHEAD  # minutes to leave and to park
    accept: float = 5.0  # mean minutes until an offer is accepted
    triage: float = 6.0  # mean minutes from the call to the decision to go
    on_scene: float = 80.0  # mean minutes with the child
    after: float = 35.0  # minutes of notes and the way back
    elsewhere: float = 0.2  # share of a shift spent on follow-up visits
    by_phone: float = 0.072  # share settled by phone by its nature
    patience: float = 180.0  # minutes after which a callout nobody took ends by phone
    staff: float = 1.0
    surge: tuple[int, float] | None = None  # week, factor
    closed_road: tuple[int, int] | None = None  # two regions, each way doubled all year
    site_down: int | None = None  # nobody works from it all year
    absent: float = 0.0  # share of shifts nobody came to
    extra: tuple[int, ...] = ()  # one more on each shift at these sites


#: Inputs varied by 30 % in the report.
UNKNOWN = ("speed", "accept", "on_scene", "after", "elsewhere", "staff", "patience")


@dataclass(frozen=True, slots=True)
class Geography:
    """Towns and sites: ``region`` and ``territory`` by town, ``weight`` sums to 1."""

    sites: tuple[Place, ...]
    towns: tuple[Place, ...]
    regions: tuple[str, ...]
    region: tuple[int, ...]
    territory: tuple[int, ...]
    weight: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class Episode:
    """One call for help. ``at``: minutes since the year began; ``way``: factor of chance."""

    at: float
    town: int
    school: bool
    language: str
    by_phone: bool
    triage: float
    accept: float
    way: float
    on_scene: float


def geography() -> Geography:
    """Return the one invented State; it does not depend on a run's seed."""
    rng = np.random.default_rng(_GEOGRAPHY)
    sites = [
        Place(
            41.2 + 0.27 * (n % 3) + rng.uniform(0, 0.2),
            -73.6 + 0.36 * (n // 3) + rng.uniform(0, 0.3),
        )
        for n in range(SITES)
    ]
    towns, weight = [], []
    for n in range(_TOWNS):
        near = sites[n % SITES]
        spread = 0.02 + 0.11 * (n >= 2 * SITES) + 0.06 * (n >= 4 * SITES)
        towns.append(
            Place(near.latitude + rng.normal(0, spread), near.longitude + rng.normal(0, spread))
        )
        weight.append(1.0 / (1 + n / 6))
    km = straight_line(sites, towns)
    territory = tuple(int(one) for one in km.argmin(axis=0))
    region = tuple(region_of(site) for site in territory)
    share = np.array(weight) / sum(weight)
    return Geography(tuple(sites), tuple(towns), REGIONS, region, territory, share)


def region_of(site: int) -> int:
    """Return the region (an index of REGIONS) that ``site`` lies in."""
    return site * len(REGIONS) // SITES


def weekday(day: int) -> int:
    """Return 0 for Monday of the ``day``-th day of the year (0 = 1 July)."""
    return (day + _FIRST_WEEKDAY) % 7


def traffic(minute: float) -> float:
    """Return by how much a way takes longer at ``minute`` of the year."""
    day, rest = divmod(int(minute), HOURS * 60)
    return _TRAFFIC[rest // 60] if weekday(day) < 5 else 1.0


def travel(inputs: Inputs, minute: float) -> ByFactors:
    """Return what a way is expected to take at ``minute`` of the year."""
    return ByFactors(inputs.speed, traffic(minute), overhead=inputs.overhead)


def arrivals(inputs: Inputs, where: Geography, seed: int) -> list[Episode]:
    """Return the year's episodes in their order: as many as were published, a surge's on top."""
    rng = np.random.default_rng(seed)
    schools = round(EPISODES * FROM_SCHOOLS)
    found = [
        *_drawn(rng, inputs, where, schools, school=True),
        *_drawn(rng, inputs, where, EPISODES - schools, school=False),
    ]
    if inputs.surge:
        week, factor = inputs.surge
        first, last = week * 7 * HOURS * 60, (week + 1) * 7 * HOURS * 60
        again = [one for one in found if first <= one.at < last]
        found += [
            replace(one, at=one.at + 0.37 * (n + 1))
            for n in range(round(factor) - 1)
            for one in again
        ]
    return sorted(found, key=lambda one: one.at)


def _drawn(
    rng: np.random.Generator, inputs: Inputs, where: Geography, count: int, *, school: bool
) -> list[Episode]:
    cells = rng.choice(DAYS * HOURS, size=count, p=_by_hour(school=school))
    towns = rng.choice(len(where.towns), size=count, p=where.weight)
    spanish = np.array([0.08, 0.1, 0.3, 0.25, 0.1, 0.05])[[where.region[town] for town in towns]]
    speaks = rng.random(count)
    phone = rng.random(count) < inputs.by_phone
    minute, triage, accept = (
        rng.random(count),
        rng.exponential(size=count),
        rng.exponential(size=count),
    )
    way, scene = rng.normal(0, 0.25, count), rng.normal(0, 0.4, count)
    return [
        Episode(
            at=(int(cells[n]) + float(minute[n])) * 60.0,
            town=int(towns[n]),
            school=school,
            language="es" if speaks[n] < spanish[n] else "pt" if speaks[n] > 0.98 else "",
            by_phone=bool(phone[n]),
            triage=1.0 + float(triage[n]) * (inputs.triage - 1.0),
            accept=0.5 + float(accept[n]) * (inputs.accept - 0.5),
            way=float(np.exp(way[n])),
            on_scene=inputs.on_scene * float(np.exp(scene[n] - 0.08)),
        )
        for n in range(count)
    ]


def _by_hour(*, school: bool) -> Floats:
    """Return the chance of each hour of the year, by month, weekday and hour."""
    weight = np.zeros((DAYS, HOURS))
    for day in range(DAYS):
        month = _MONTHS[min(day * 12 // DAYS, 11)]
        if not school:
            weight[day] = np.array(_HOME_HOURS) * month
        elif weekday(day) < 5 and _SCHOOL_FROM <= day <= _SCHOOL_TO:
            weight[day] = np.array(_SCHOOL_HOURS) * month
    flat: Floats = weight.ravel() / weight.sum()
    return flat


def on_shift(
    inputs: Inputs, where: Geography, seed: int
) -> tuple[np.ndarray, Sequence[frozenset[str]]]:
    """Return who is there: hours × (site, slot) as booleans, and what each slot speaks.

    Slots are ``site * slots + n``. By weight of its territory a site has up to six by day, up to
    four on weekends and one by night: some 3,400 hours a week, 23 for each of 150.
    """
    rng = np.random.default_rng([seed, 1])
    share = np.bincount(where.territory, weights=where.weight, minlength=SITES)
    day, weekend = np.maximum(1, np.rint(share * 32)), np.maximum(1, np.rint(share * 18))
    slots = int(day.max()) + 2
    there = np.zeros((DAYS * HOURS, SITES, slots), dtype=bool)
    number = np.arange(slots)[None, :]
    for hour in range(DAYS * HOURS):
        clock, free = hour % HOURS, weekday(hour // HOURS) >= 5
        wanted = np.ones(SITES) if not 8 <= clock < 22 else weekend if free else day
        count = np.maximum(1, np.rint(wanted * inputs.staff))
        there[hour] = number < (count + np.bincount(inputs.extra, minlength=SITES)[:SITES])[:, None]
    there &= rng.random(there.shape) >= inputs.elsewhere
    by_day = rng.random((DAYS, SITES, slots)) >= inputs.absent
    there &= np.repeat(by_day, HOURS, axis=0)
    if inputs.site_down is not None:
        there[:, inputs.site_down] = False
    spoken = [
        frozenset({"en", *(["es"] if n % 3 == 0 else []), *(["pt"] if n % 11 == 5 else [])})
        for n in range(SITES * slots)
    ]
    return there.reshape(DAYS * HOURS, SITES * slots), spoken
