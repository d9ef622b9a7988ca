"""Search for what `make test` does not see: fresh examples, kills, floods, journeys, benches.

    make soak                                 all of it, from a fresh number that it prints first
    make soak SEED=1234 PARTS=properties      the same draws again, of one part

What it finds becomes an `@example` or a numbered point of the test in `make test`.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
#: Times that each property is tried, with other examples each time.
ROUNDS = 3
PARTS = ("properties", "lots", "journeys", "bench")


def runs_of(part: str, seed: int) -> list[list[str]]:
    """What is run for a part, one command a run."""
    if part == "bench":
        # Each part of it once, in its smallest form, so that none breaks unseen.
        return [[sys.executable, "-m", "tests.bench", "--quick"]]
    return [[sys.executable, "-m", "pytest", "-n", "auto", *how] for how in _pytest(part, seed)]


def _pytest(part: str, seed: int) -> list[list[str]]:
    if part == "properties":
        searching = ["-m", "hypothesis", "--hypothesis-profile", "searching", "--timeout", "3600"]
        seeds = (seed + number for number in range(ROUNDS))
        return [[*searching, "--hypothesis-seed", str(each)] for each in seeds]
    if part == "lots":
        lots = ["-m", "soak", "--soak", str(seed), "--timeout", "3600"]
        return [[*lots, "--ignore", "tests/journeys"]]
    return [["tests/journeys", "tests/test_main_job.py", "--soak", str(seed)]]


def main() -> int:
    """Run what is asked for; the last exit code that was not 0, if any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=" ".join(PARTS))
    parser.add_argument("--seed", type=int)
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    seed = secrets.randbelow(2**31) if given.seed is None else given.seed
    failed = 0
    for part in given.parts or PARTS:
        again = f"make soak SEED={seed} PARTS={part}"
        print(f"{part}: {again}", flush=True)
        for command in runs_of(part, seed):
            begun = time.monotonic()
            code = subprocess.run(command, cwd=SOURCE, check=False).returncode
            print(f"{part}: exit {code} after {time.monotonic() - begun:.0f} s", flush=True)
            if code:
                print(f"again by: {again}", flush=True)
                failed = code
    return failed


if __name__ == "__main__":
    sys.exit(main())
