"""`make quick` leaves out what starts servers or a browser: by its fixtures, or it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import kinds
from tests.kinds import Unmarked, mark_needed
from upstander.command.launch import dying_with_us

SOURCE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("command", "mark"),
    [
        (dying_with_us(sys.executable, "-m", "upstander.command", "serve"), "servers"),
        ([sys.executable, "-m", "tests.servers", "demo"], "servers"),
        (["/opt/x/bin/postgres", "-D", "folder"], "servers"),
        (["/usr/bin/chromium-headless-shell", "--headless"], "browser"),
        (["/opt/upstander/.venv/playwright/driver/node", "run-driver"], "browser"),
        (["/opt/x/bin/pg_dump", "--dbname", "postgres"], None),
        ([sys.executable, "-c", "import sys\nimport upstander.command"], None),
    ],
)
def test_what_stays_needs_a_mark(command: list[str], mark: str | None) -> None:
    assert mark_needed(command) == mark


def test_an_unmarked_test_can_start_no_server() -> None:
    with pytest.raises(Unmarked, match="mark this test `servers`"):
        subprocess.Popen([sys.executable, "-m", "tests.servers", "demo"])


def test_what_is_the_whole_runs_needs_none() -> None:
    with kinds.of_the_run():
        done = subprocess.run([sys.executable, "-c", "", "tests.servers"], check=False)
    assert done.returncode == 0


def test_fixtures_mark_their_tests(request: pytest.FixtureRequest) -> None:
    wrong = []
    for item in request.session.items:
        for fixture, mark in kinds._STARTED_BY.items():
            if fixture in getattr(item, "fixturenames", ()) and not item.get_closest_marker(mark):
                wrong.append((item.nodeid, mark))
    assert wrong == []


def second_try(folder: Path, marks: str) -> subprocess.CompletedProcess[str]:
    """Fail a test of a folder, and run it as `make test` does at its end."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  browser\n  servers\n  slow\n")
    (folder / "test_one.py").write_text(
        f"import pathlib, pytest\n{marks}\ndef test_one():\n"
        "    been = pathlib.Path(__file__).with_name('been')\n"
        "    was, _ = been.exists(), been.touch()\n    assert was\n"
        "def test_two():\n    pass\n"
    )
    words = [sys.executable, "-m", "pytest", "-p", "tests.kinds", "-p", "no:django", str(folder)]
    place = {**os.environ, "PYTHONPATH": str(SOURCE)}
    first = subprocess.run(words, cwd=folder, env=place, check=False, capture_output=True)
    assert first.returncode == 1
    words += ["--last-failed", "--last-failed-no-failures", "none", "--second-try"]
    return subprocess.run(words, cwd=folder, env=place, check=False, capture_output=True, text=True)


def test_what_drives_a_browser_is_run_once_more_and_named(tmp_path: Path) -> None:
    done = second_try(tmp_path, "@pytest.mark.browser")
    assert done.returncode == 0, done.stdout
    assert "second try of\n  test_one.py::test_one" in done.stdout
    assert "1 passed" in done.stdout


def test_nothing_else_is_run_once_more(tmp_path: Path) -> None:
    done = second_try(tmp_path, "")
    assert done.returncode == 1
    assert "no second try" in done.stdout + done.stderr
