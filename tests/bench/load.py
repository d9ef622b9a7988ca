"""Runs the load client beside the product and counts what each side spent."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from tests.bench.client import Done, Job
from tests.bench.product import SOURCE, BenchFailed, Cpu, Product


@dataclass(frozen=True, slots=True)
class Run:
    """One measured stretch of load."""

    job: Job
    done: Done
    cpu: Cpu

    @property
    def rate(self) -> float:
        """Tips (or pages) a second."""
        return self.done.tips / self.done.wall

    def cpu_ms(self, *kinds: str) -> float:
        """Processor milliseconds a tip of some kinds of process."""
        return 1000 * sum(self.cpu[kind] for kind in kinds) / max(1, self.done.tips)

    @property
    def client_ms(self) -> float:
        """Processor milliseconds a tip that the load itself cost."""
        return 1000 * self.done.cpu / max(1, self.done.tips)


def run_load(product: Product, job: Job) -> Run:
    """Run one job against the product. Raises BenchFailed when the client gives nothing."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=SOURCE,
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        try:
            client.stdin.write(json.dumps(asdict(job)) + "\n")
            client.stdin.flush()
            if client.stdout.readline().strip() != "ready":
                raise BenchFailed("the load client could not connect")
            before = product.cpu()
            client.stdin.write("go\n")
            client.stdin.flush()
            told = client.stdout.readline()
            after = product.cpu()
        finally:
            with contextlib.suppress(OSError):
                client.stdin.close()
            client.terminate()
    if not told:
        raise BenchFailed("the load client ended early")
    return Run(job, Done(**json.loads(told)), after - before)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
