"""A system that was set up as an administrator does it, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import of_the_run, once
from tests.waiting import PATIENCE
from upstander.config.environment import machine_clock
from upstander.config.home import Home

SOURCE = Path(__file__).resolve().parents[3]

ANSWERS = [
    "--center",
    "Harbor Center",
    "--district",
    "Alder Valley",
    "--admin-email",
    "ada@example.org",
    "--admin-name",
    "Ada Administrator",
    "--supervisor-email",
    "sam@example.org",
    "--supervisor-name",
    "Sam Supervisor",
    "--lead-email",
    "lee@example.org",
    "--lead-name",
    "Lee Lead",
    "--state",
    "us-ct",
]


def upstander(
    home: Path, *arguments: str, typed: str = "", second: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return python(home, "-m", "upstander.command", *arguments, typed=typed, second=second)


def python(
    home: Path, *arguments: str, typed: str = "", second: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={
            "PATH": os.environ["PATH"],
            **machine_clock(),
            "PYTHONPATH": str(SOURCE),
            "UPSTANDER_HOME": str(home),
            "UPSTANDER_PUBLIC_PORT": "1",  # nobody listens there
            "UPSTANDER_DESK_PORT": "2",
            **({"UPSTANDER_SECOND_PLACE": str(second)} if second else {}),
        },
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A system that was set up once a run, a copy for each module, and what `init` said."""

    def init(home: Path) -> str:
        done = upstander(home, "init", *ANSWERS)
        assert done.returncode == 0, done.stderr
        shutil.rmtree(Home(home).socket, ignore_errors=True)
        return done.stdout

    first = of_the_run(tmp_path_factory) / "init"
    told = once(first, init)
    home = shutil.copytree(first / "home", tmp_path_factory.mktemp("made") / "h")
    yield home, told
    shutil.rmtree(Home(home).socket, ignore_errors=True)


def with_django(home: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'upstander.config.settings'\n"
    return python(home, "-c", settings + program, *arguments)
