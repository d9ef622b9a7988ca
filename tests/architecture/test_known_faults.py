"""What `make faults` says of the pinned packages, with a stand-in for pip-audit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
FAULT = {"id": "PYSEC-1", "fix_versions": ["2.1"]}
WELL = {"name": "well", "version": "1.0", "vulns": []}


@pytest.mark.parametrize(
    ("answer", "says", "status"),
    [
        (json.dumps({"dependencies": [WELL]}), "no known fault in 1 packages\n", 0),
        (
            json.dumps({"dependencies": [WELL, WELL | {"name": "ill", "vulns": [FAULT]}]}),
            "ill 1.0: PYSEC-1 (mended in 2.1)\n",
            1,
        ),
        ("", "known faults of packages: could not be asked for\n", 0),
    ],
)
def test_it_says_what_is_known_or_that_it_could_not_ask(
    answer: str, says: str, status: int, tmp_path: Path
) -> None:
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\nexit 1\n", "utf-8")
    program.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(SOURCE / "scripts" / "known_faults.py")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == (says, status), done.stderr
