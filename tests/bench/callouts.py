"""What a plan of who goes costs, the board with few and many, and a family after a flood."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
import scipy.optimize

from tests.bench.askings import compare_askings
from tests.bench.desk import ask
from tests.bench.load import percentile
from tests.bench.pages import cookies_for
from tests.bench.product import BenchFailed, Product
from upstander.callouts.planning import Clinician, Floats, Place, Waiting, plan
from upstander.callouts.travel import ByFactors

STAFF, OPEN, SITES = 150, 60, 14
#: Callouts that wait at once: some, and ten times as many.
FEW, MANY = 50, 500


@dataclass(frozen=True, slots=True)
class Planning:
    """99th percentiles in seconds: a whole plan, and scipy's call alone within it."""

    plan: float
    floor: float


def compare_plans(product: Product, *, quick: bool) -> None:
    """Print a plan's 99th percentile beside the assignment's within it, and the board's medians."""
    found = time_plans(300 if quick else 3_000)
    print(
        f"a plan of who goes, {STAFF} clinicians and {OPEN} open callouts: p99"
        f" {1000 * found.plan:.2f} ms, {found.plan / found.floor:.1f} times the assignment alone"
        f" ({1000 * found.floor:.2f} ms; target 5)"
    )
    few, many = time_boards(product, 20 if quick else 60)
    print(
        f"the board, unlocked: {1000 * few:.0f} ms with {FEW} callouts that wait, {1000 * many:.0f}"
        f" ms with {MANY}: {many / few:.2f} times as long (target 1.3)"
    )
    compare_askings(product, quick=quick)


def time_boards(product: Product, times: int) -> tuple[float, float]:
    """Return the board's median seconds with few callouts that wait and with many, all sealed."""
    [cookie] = cookies_for(product, "vera@river.example")
    medians, there = [], 0
    with product.superuser() as connection:
        row = connection.execute("SELECT team_id, towns[1] FROM callouts_site").fetchone()
    if row is None:
        raise BenchFailed("no team goes out")
    town = f"{row[0]}:{row[1]}"
    form = {"danger": "no", "language": "en", "story": "x", "where": "1 Mill Road", "town": town}
    for wanted in (FEW, MANY):
        for _ in range(wanted - there):
            page, _body, _taken = ask(product, cookie, "/callouts/new", form)
            ask(product, cookie, f"{page}/do", {"act": "go"})
        there = wanted
        for _ in range(8):  # until each worker and connection has made its plans anew
            _board(product, cookie)
        medians.append(statistics.median(_board(product, cookie) for _ in range(times)))
    return medians[0], medians[1]


def _board(product: Product, cookie: str) -> float:
    _, page, taken = ask(product, cookie, "/callouts")
    if page.count(b'href="/callouts/') < FEW or b"The planner suggests nobody" in page:
        raise BenchFailed(f"the board suggests nobody, or is too short: {len(page)} bytes")
    return taken


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
