"""Tips over HTTP: how many a second, how long each waits, what each costs the processor."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.client import Job
from tests.bench.load import Run, percentile, run_load
from tests.bench.product import Product

#: Posts in flight at once where no single one may fail.
CROWD = 200


@dataclass(frozen=True, slots=True)
class Intake:
    """Some runs of the same load. Rates and costs are their medians, delays of all together."""

    kind: str
    clients: int
    runs: Sequence[Run]

    @property
    def rate(self) -> float:
        """Tips a second."""
        return statistics.median(run.rate for run in self.runs)

    @property
    def web_ms(self) -> float:
        """Processor milliseconds a tip in the public site's processes."""
        return statistics.median(run.cpu_ms("web") for run in self.runs)

    @property
    def database_ms(self) -> float:
        """Processor milliseconds a tip in PostgreSQL, all of its processes."""
        return statistics.median(run.cpu_ms("database") for run in self.runs)

    @property
    def cpu_ms(self) -> float:
        """Both together."""
        return statistics.median(run.cpu_ms("web", "database") for run in self.runs)

    @property
    def client_ms(self) -> float:
        """What the load itself cost, on the same processors."""
        return statistics.median(run.client_ms for run in self.runs)

    @property
    def errors(self) -> dict[str, int]:
        """What went wrong, and how often."""
        found: dict[str, int] = {}
        for run in self.runs:
            for what, count in run.done.errors.items():
                found[what] = found.get(what, 0) + count
        return found

    def delays(self) -> tuple[float, float, float]:
        """Return p50, p95 and p99 of the posts (of the gets, where nothing was posted)."""
        waited = [w for run in self.runs for w in (run.done.post or run.done.get)]
        p50, p95, p99 = (percentile(waited, share) for share in (0.5, 0.95, 0.99))
        return p50, p95, p99


def measure_intake(
    product: Product, kind: str, clients: int, *, seconds: float, rounds: int
) -> Intake:
    """Measure one load in some rounds."""
    job = Job(port=product.public_port, clients=clients, seconds=seconds, most=50_000, kind=kind)
    return Intake(kind, clients, [run_load(product, job) for _ in range(rounds)])


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many posts at once: what was answered, and what the database has of it."""

    intake: Intake
    answered: int
    kept: int


def measure_crowd(product: Product, posts: int) -> Crowd:
    """Post so many tips, ``CROWD`` at once, and count what came of it."""
    before = _tips(product)
    job = Job(port=product.public_port, clients=CROWD, seconds=60, most=posts, kind="post")
    run = run_load(product, job)
    return Crowd(Intake("post", CROWD, [run]), run.done.tips, _tips(product) - before)


def _tips(product: Product) -> int:
    with product.owner() as connection:
        row = connection.execute(
            "SELECT count(*) FROM tips_tip t WHERE EXISTS (SELECT FROM tips_returncode c"
            " WHERE c.tip_id = t.id) AND EXISTS (SELECT FROM vault_grant g WHERE g.tip_id = t.id)"
        ).fetchone()
    assert row is not None
    return int(str(row[0]))
