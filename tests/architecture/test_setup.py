"""What the machine lacks is installed by root, and named in one command to anybody else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.waiting import PATIENCE

SOURCE = Path(__file__).resolve().parents[2]
#: Found on a machine where all is there, and what of Debian's brings it.
BROUGHT = {
    "git": "git",
    "make": "make",
    "chromium-headless-shell": "chromium-headless-shell",
    "fc-list": "fonts-noto-core",
}


class Machine:
    """A path with a few programs: the shell's own, and stand-ins for those that are asked for."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bin"
        self.path.mkdir()
        self.installed = folder / "installed"
        for name in ("dirname", "grep", "sed"):
            (self.path / name).symlink_to(shutil.which(name) or name)
        self.has("python3")
        self.has("apt-get", f'echo "$@" >> {self.installed}')
        self.has("apt-cache")

    def has(self, name: str, does: str = "exit 0") -> None:
        (self.path / name).write_text(f"#!/bin/sh\n{does}\n", "ascii")
        (self.path / name).chmod(0o755)

    def set_up(self, *, user: int) -> subprocess.CompletedProcess[str]:
        self.has("id", f"echo {user}")
        return subprocess.run(
            ["/bin/sh", str(SOURCE / "scripts" / "system")],
            env={"PATH": str(self.path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    @property
    def asked(self) -> str:
        return self.installed.read_text("ascii") if self.installed.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_where_all_is_there_nothing_is_said_or_done(machine: Machine) -> None:
    for name in BROUGHT:
        machine.has(name, "echo Noto")
    for user in (0, 1000):
        done = machine.set_up(user=user)
        assert (done.returncode, done.stdout, done.stderr, machine.asked) == (0, "", "", "")


@pytest.mark.parametrize("lacks", BROUGHT)
def test_root_installs_what_is_missing_and_nothing_else(machine: Machine, lacks: str) -> None:
    for name in BROUGHT:
        if name != lacks:
            machine.has(name, "echo Noto")
    assert machine.set_up(user=0).returncode == 0
    update, install = machine.asked.splitlines()
    assert "update" in update
    assert BROUGHT[lacks] in install
    assert not any(brings in install for has, brings in BROUGHT.items() if has != lacks)


def test_an_older_debian_gets_the_browser_that_it_has(machine: Machine) -> None:
    machine.has("apt-cache", "exit 100")
    assert machine.set_up(user=0).returncode == 0
    assert " chromium " in machine.asked
    assert "headless" not in machine.asked


def test_anybody_else_is_told_the_one_command(machine: Machine) -> None:
    done = machine.set_up(user=1000)
    assert done.returncode == 1
    commands = [line for line in done.stderr.splitlines() if line.startswith("  ")]
    assert len(commands) == 1
    assert commands[0].startswith("  sudo apt-get update && sudo apt-get install")
    assert all(brings in commands[0] for brings in BROUGHT.values())
    assert machine.asked == ""


def test_where_there_is_no_apt_it_names_what_is_needed(machine: Machine) -> None:
    (machine.path / "apt-get").unlink()
    done = machine.set_up(user=0)
    assert done.returncode == 1
    assert all(brings in done.stderr for brings in BROUGHT.values())


def test_all_roads_to_the_checks_pass_it() -> None:
    assert "scripts/system" in (SOURCE / ".ci" / "run").read_text("utf-8")
    made = subprocess.run(
        ["make", "-n", "-C", str(SOURCE), "test"], capture_output=True, text=True, check=True
    )
    assert made.stdout.index("scripts/system") < made.stdout.index("pytest")
