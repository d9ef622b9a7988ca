"""From a tip's commit to every open queue page."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.bench.pages import cookies_for
from tests.bench.product import SOURCE, BenchFailed, Cpu, Product

_STAFF = ("nadia@lakeside.example", "ben@lakeside.example", "ruth@lakeside.example")


@dataclass(frozen=True, slots=True)
class Screens:
    """What the open pages heard, in seconds after the commit."""

    streams: int
    tips: int
    #: For each tip and stream that heard of it.
    delays: list[float]
    #: For each tip: until the last of all streams had it.
    last: list[float]
    missed: int
    cpu: Cpu


def measure_screens(product: Product, *, streams: int, tips: int, per_second: float) -> Screens:
    """Hold so many live streams open while tips are filed. Raises BenchFailed."""
    share = -(-streams // len(_STAFF))
    cookies = [c for who in _STAFF for c in cookies_for(product, who, share)][:streams]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.screens"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=SOURCE,
    ) as screens:
        assert screens.stdin is not None
        assert screens.stdout is not None
        try:
            screens.stdin.write(json.dumps({"port": product.desk_port, "cookies": cookies}) + "\n")
            screens.stdin.flush()
            opened = json.loads(screens.stdout.readline() or '{"opened": 0}')["opened"]
            if opened != streams:
                raise BenchFailed(f"{opened} of {streams} live streams opened")
            before = product.cpu()
            filed = _file(product, tips, per_second)
            time.sleep(2)
            cpu = product.cpu() - before
            screens.stdin.write("stop\n")
            screens.stdin.flush()
            heard = json.loads(screens.stdout.readline())["heard"]
        finally:
            screens.terminate()
    delays, last, missed = [], [], 0
    for tip, committed in filed:
        times = [at - committed for at in heard.get(tip, [])]
        missed += streams - len(times)
        delays += times
        last += [max(times)] if len(times) == streams else []
    return Screens(streams, len(filed), delays, last, missed, cpu)


def _file(product: Product, tips: int, per_second: float) -> list[tuple[str, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.filer", str(tips), str(per_second)],
        env=product.environment("public"),
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"no tips could be filed: {done.stderr[-500:]}")
    filed: list[tuple[str, float]] = json.loads(done.stdout)
    return filed
