"""`make quick` leaves out what starts servers or a browser: by its fixtures, or it fails."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import kinds
from tests.kinds import Unmarked, mark_needed
from upstander.command.launch import dying_with_us


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
