"""What a plan of who goes costs, beside the assignment alone (scipy's) on the same costs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
import scipy.optimize

from tests.bench.load import percentile
from tests.bench.product import BenchFailed, Product
from upstander.callouts.planning import Clinician, Floats, Place, Waiting, plan
from upstander.callouts.travel import ByFactors

STAFF, OPEN, SITES = 150, 60, 14


@dataclass(frozen=True, slots=True)
class Planning:
    """99th percentiles in seconds: a whole plan, and scipy's call alone within it."""

    plan: float
    floor: float


def compare_plans(_product: Product, *, quick: bool) -> None:
    """Print a plan's 99th percentile beside the assignment's within it."""
    found = time_plans(300 if quick else 3_000)
    print(
        f"a plan of who goes, {STAFF} clinicians and {OPEN} open callouts: p99"
        f" {1000 * found.plan:.2f} ms, {found.plan / found.floor:.1f} times the assignment alone"
        f" ({1000 * found.floor:.2f} ms; target 5)"
    )


def time_plans(times: int) -> Planning:
    """Plan for 150 clinicians and 60 open callouts so many times, ever others."""
    rng = np.random.default_rng(1)
    sites = [Place(rng.uniform(41, 42), rng.uniform(-73.5, -72)) for _ in range(SITES)]
    roads = ByFactors(speed=50.0)
    plans: list[float] = []
    floors: list[float] = []

    def timed(costs: Floats) -> object:
        begun = time.perf_counter()
        found = alone(costs)
        floors.append(time.perf_counter() - begun)
        return found

    alone = scipy.optimize.linear_sum_assignment
    with patch.object(scipy.optimize, "linear_sum_assignment", timed):
        for _ in range(times):
            waiting, staff = _made_up(rng)
            begun = time.perf_counter()
            found = plan(waiting, staff, sites, roads)
            plans.append(time.perf_counter() - begun)
            if len(found) != OPEN:
                raise BenchFailed(f"{len(found)} of {OPEN} callouts were planned")
    return Planning(percentile(plans, 0.99), percentile(floors, 0.99))


def _made_up(rng: np.random.Generator) -> tuple[list[Waiting], list[Clinician]]:
    staff = [
        Clinician(
            n,
            n % SITES,
            free_in=float(rng.choice([0, 0, 10, 40])),
            languages=frozenset({"es"} if n % 3 == 0 else ()),
            gone_today=int(rng.integers(4)),
        )
        for n in range(STAFF)
    ]
    waiting = [
        Waiting(
            n,
            Place(rng.uniform(41, 42), rng.uniform(-73.5, -72)),
            int(rng.integers(SITES)),
            waited=rng.uniform(0, 60),
            language="es" if n % 5 == 0 else "",
        )
        for n in range(OPEN)
    ]
    return waiting, staff
