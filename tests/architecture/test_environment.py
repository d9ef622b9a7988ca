"""The environment is read in `config` alone, by names that the operator's page explains."""

from __future__ import annotations

import re
from pathlib import Path

from upstander.config.environment import DEFAULTS

ROOT = Path(__file__).resolve().parents[2]
#: Prepares the machine for tests, before anything of ours is imported.
_BEFORE = {"upstander/command/testing.py"}
#: Said by one of our processes to another, or for tests: nobody sets them.
_OURS = {"UPSTANDER_DEMO", "UPSTANDER_PROCESS", "UPSTANDER_NEUTRAL_URL"}
_READS = re.compile(r"\bos\.environ\b|\bos\.getenv\b|\bfrom os import .*environ")


def test_nobody_else_reads_it() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "upstander").rglob("*.py")
        if "tests" not in path.parts and "config" not in path.parts
        if _READS.search(path.read_text("utf-8"))
    ]
    # What PostgreSQL's programs are started with is theirs: where programs are found at all.
    assert set(found) - _BEFORE == {"upstander/command/dumps.py", "upstander/command/postgres.py"}


def test_each_name_is_explained() -> None:
    text = (ROOT / "docs/how-to/settings-and-upkeep.md").read_text("utf-8")
    rows = " ".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    told = set(re.findall(r"`(\w+)`", rows))
    ends = {name for name in told if name.startswith("_")}
    full = {name for name in told if not name.startswith("_")}
    full |= {first.rsplit("_", 1)[0] + end for first in full for end in ends}
    assert set(DEFAULTS) - _OURS <= full
