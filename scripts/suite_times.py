"""Say where the suite's time went, by what `pytest --junitxml` wrote (`make test` does both).

    .venv/bin/python scripts/suite_times.py .pytest_cache/times.xml  its slowest tests, folders
    .venv/bin/python scripts/suite_times.py before.xml after.xml     the folders of two runs

Seconds are a worker's, set-up and teardown in them; what a module or the run sets up once is in the
first test that asks for it.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections import Counter

SLOWEST = 60


def times(file: str) -> dict[str, float]:
    """Return each test's seconds by its name, `folder.file.test`. Raises OSError, ParseError."""
    found = Counter[str]()
    for case in ET.parse(file).iter("testcase"):  # noqa: S314 - written by our own run
        found[f"{case.get('classname')}.{case.get('name')}"] += float(case.get("time", 0))
    return found


def by_folder(tests: dict[str, float]) -> dict[str, tuple[int, float]]:
    """Return count and seconds of each app and each folder of `tests/`."""
    seconds, counts = Counter[str](), Counter[str]()
    for name, took in tests.items():
        folder = "/".join(name.split(".")[:2])
        seconds[folder] += took
        counts[folder] += 1
    return {folder: (counts[folder], took) for folder, took in seconds.most_common()}


def row(name: str, runs: list[tuple[int, float]]) -> str:
    """Return a row of the table: how many tests and seconds, of each run."""
    cells = " | ".join(f"{count} | {took:.0f} s" for count, took in runs)
    change = f" | {runs[-1][1] / runs[0][1]:.2f}" if len(runs) > 1 and runs[0][1] else ""
    return f"| {name} | {cells}{change} |"


def main() -> None:
    """Print the slowest tests of one run, or nothing of two, and a row for each folder."""
    runs = [times(file) for file in sys.argv[1:3]]
    if not runs:
        raise SystemExit(__doc__)
    if len(runs) == 1:
        for name, took in sorted(runs[0].items(), key=lambda one: -one[1])[:SLOWEST]:
            print(f"{took:7.1f} s  {name}")
    folders = [by_folder(run) for run in runs]
    for name in dict.fromkeys(name for one in folders for name in one):
        print(row(f"`{name}`", [one.get(name, (0, 0.0)) for one in folders]))
    print(row("all", [(len(run), sum(run.values())) for run in runs]))


if __name__ == "__main__":
    main()
