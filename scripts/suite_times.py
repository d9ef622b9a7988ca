"""Measure `pytest upstander/<app>` for each app and the whole; print a row for each.

    .venv/bin/python scripts/suite_times.py             all apps, `make quick`, then the whole suite
    .venv/bin/python scripts/suite_times.py tips cases  these apps alone

On a machine with other work the first column says little; the second stays within a tenth.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
QUICK = ["-n", "auto", "-m", "not servers and not browser and not slow"]
#: Row → what pytest is given.
RUNS = {
    **{
        f"`pytest upstander/{folder.name}`": [f"upstander/{folder.name}"]
        for folder in sorted((SOURCE / "upstander").iterdir())
        if any(folder.rglob("test_*.py"))
    },
    "`make quick`": QUICK,
    "`make test`": ["-n", "auto"],
}


def measure(arguments: list[str]) -> str:
    """Run pytest; return its row's cells: tests, clock, processor. SystemExit when a test fails."""
    command = [sys.executable, "-m", "pytest", "-W", "ignore", *arguments]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    last = done.stdout.strip().splitlines()[-1:]
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {last}\n{done.stdout}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    passed = re.search(r"(\d+) passed", last[0])
    count = passed[1] if passed else "0"
    return f"{count} | {wall:.0f} s | {cpu:.0f} s"


def main() -> None:
    """Measure what is asked for, and print after each, so that a long run may be ended."""
    asked = {f"`pytest upstander/{name}`" for name in sys.argv[1:]}
    if unknown := asked - RUNS.keys():
        raise SystemExit(f"no such app: {', '.join(sorted(unknown))}")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name, arguments in RUNS.items():
        if asked and name not in asked:
            continue
        print(f"| {name} | {measure(arguments)} |", flush=True)


if __name__ == "__main__":
    main()
