"""Which years are run and what is asked of them: the comparison behind the report."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from statistics import mean, stdev

import numpy as np

from upstander.callouts.simulation import world
from upstander.callouts.simulation.world import Inputs
from upstander.callouts.simulation.year import Policy, Year, year

#: What the State wants, as shares.
GOAL_IN_TIME, GOAL_IN_PERSON = 0.80, 0.90
#: Student's t for 95 % by degrees of freedom from 1 (two-sided).
_T = (
    *(12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23),
    *(2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09),
)
#: The most clinicians that are tried to be added.
_MOST_ADDED = 12
LANGUAGES = {"": "English", "es": "Spanish", "pt": "Portuguese"}
#: Weeks and places of the hard scenarios: invented, as all of it.
SCENARIOS: dict[str, Inputs] = {
    "as usual": Inputs(),
    "three times as many calls for a week in November": Inputs(surge=(19, 3.0)),
    "the road between Harbor and Valley closed": Inputs(closed_road=(2, 3)),
    "the busiest site down": Inputs(site_down=0),
    "one shift in ten not staffed": Inputs(absent=0.1),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One year to run."""

    inputs: Inputs
    policy: Policy
    seed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is kept of a year: shares (0 to 1), minutes, and shares in time by part."""

    in_time: float
    in_person: float
    kept: float
    from_call: float
    minutes: tuple[float, ...]  # median, 90th and 99th percentile
    regions: tuple[float, ...]
    languages: tuple[float, ...]
    schools: float
    territories: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds and half the width of its 95 % interval."""

    mean: float
    half: float


@dataclass(frozen=True, slots=True)
class Study:
    """All that the report says."""

    seeds: tuple[int, ...]
    years: dict[tuple[str, Policy], list[Figures]]
    varied: list[tuple[str, float, Figures, Figures]]  # input, factor, baseline, product
    added: list[tuple[tuple[int, ...], Figures]]  # sites with one more on each shift


def estimate(values: Sequence[float]) -> Estimate:
    """Return mean and half interval; a single value has none (0)."""
    if len(values) < 2:
        return Estimate(mean(values), 0.0)
    t = _T[len(values) - 2] if len(values) - 2 < len(_T) else 2.0
    return Estimate(mean(values), t * stdev(values) / len(values) ** 0.5)


def middle(some: Sequence[Figures]) -> Figures:
    """Return the mean of each figure over seeds."""

    def each(name: str) -> tuple[float, ...]:
        parts = zip(*(getattr(one, name) for one in some), strict=True)
        return tuple(mean(part) for part in parts)

    return Figures(
        in_time=mean(one.in_time for one in some),
        in_person=mean(one.in_person for one in some),
        kept=mean(one.kept for one in some),
        from_call=mean(one.from_call for one in some),
        minutes=each("minutes"),
        regions=each("regions"),
        languages=each("languages"),
        schools=mean(one.schools for one in some),
        territories=each("territories"),
    )


def study(seed: int, seeds: int, done: Callable[[int, int], None]) -> Study:
    """Run everything; ``done`` hears how many of how many years are over."""
    numbers = tuple(range(seed, seed + seeds))
    few = numbers[: max(1, seeds // 4)]
    asks: list[tuple[object, Ask]] = [
        ((name, policy), Ask(inputs, policy, number))
        for name, inputs in SCENARIOS.items()
        for policy in Policy
        for number in (numbers if name == "as usual" else few)
    ]
    for name in world.UNKNOWN:
        for factor in (0.7, 1.3):
            inputs = replace(Inputs(), **{name: getattr(Inputs(), name) * factor})
            asks += [
                ((name, factor, policy), Ask(inputs, policy, number))
                for policy in Policy
                for number in few
            ]
    count, total = 0, len(asks) + _MOST_ADDED * len(few)
    found: dict[object, list[Figures]] = {}
    # Spawned, not forked: numpy's threads would not survive it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:

        def run(some: Iterable[Ask]) -> Iterable[Figures]:
            nonlocal count
            for figures in pool.map(run_one, some):
                count += 1
                done(count, total)
                yield figures

        for (key, _), figures in zip(asks, run([one for _, one in asks]), strict=True):
            found.setdefault(key, []).append(figures)
        added = _added(few, found["as usual", Policy.PRODUCT][: len(few)], run)
        done(total, total)
    varied = [
        (
            name,
            factor,
            middle(found[name, factor, Policy.BASELINE]),
            middle(found[name, factor, Policy.PRODUCT]),
        )
        for name in world.UNKNOWN
        for factor in (0.7, 1.3)
    ]
    years = {(name, policy): found[name, policy] for name in SCENARIOS for policy in Policy}
    return Study(numbers, years, varied, added)


def run_one(ask: Ask) -> Figures:
    """Run one year; what is kept of it."""
    return figures_of(year(ask.inputs, ask.policy, ask.seed))


def figures_of(one: Year) -> Figures:
    """Return what is kept of a year."""
    came = one.from_decision[~np.isnan(one.from_decision)]
    call = one.from_call[~np.isnan(one.from_call)]
    language = np.array(one.language)
    return Figures(
        in_time=one.in_time(),
        in_person=one.in_person(),
        kept=one.kept(),
        from_call=float(np.mean(call <= 45.0)),
        minutes=tuple(float(v) for v in np.percentile(came, (50, 90, 99))),
        regions=tuple(one.in_time(one.region == n) for n in range(len(world.REGIONS))),
        languages=tuple(one.in_time(language == code) for code in LANGUAGES),
        schools=one.in_time(one.school),
        territories=tuple(one.in_time(one.territory == n) for n in range(world.SITES)),
    )


def _added(
    seeds: Sequence[int],
    now: list[Figures],
    run: Callable[[Iterable[Ask]], Iterable[Figures]],
) -> list[tuple[tuple[int, ...], Figures]]:
    """Add somebody to each shift where fewest are reached in time, until every region is well."""
    extra: tuple[int, ...] = ()
    steps = []
    while True:
        figures = middle(now)
        steps.append((extra, figures))
        if min(figures.regions) >= GOAL_IN_TIME or len(extra) == _MOST_ADDED:
            return steps
        worst = int(np.argmin(figures.regions))
        territories = figures.territories
        own = [n for n in range(world.SITES) if world.region_of(n) == worst]
        # Each of its sites in turn, the one that does worst first.
        site = min(own, key=lambda n: (extra.count(n), territories[n]))
        extra = (*extra, site)
        now = list(run([Ask(Inputs(extra=extra), Policy.PRODUCT, one) for one in seeds]))
