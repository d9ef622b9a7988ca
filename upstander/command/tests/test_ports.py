"""A port that is taken while a system starts: it ends with one plain line, whoever took it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENCE
from upstander.command.errors import CannotServe
from upstander.command.ports import held
from upstander.command.postgres import is_running
from upstander.config.home import Home

SOURCE = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.servers

#: A site whose port is taken, and somebody else who answers for it at once.
FOOLED = """
import sys
from pathlib import Path
from upstander.command.supervisor import Program, Supervisor, say
from upstander.config.home import Home
programs = [Program(sys.argv[2], *sys.argv[3:4], tuple(sys.argv[4:]))]
supervisor = Supervisor(Home(Path(sys.argv[1])), programs, embedded=True)
with supervisor.listening():
    try:
        supervisor.start_database()
        supervisor.run(is_ready=lambda: True, when_ready=lambda: say("ready"))
    finally:
        supervisor.stop()
"""


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A port that another program listens on, given to every site."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for site in ("PUBLIC", "DESK", "PHONES", "WATCH"):
            monkeypatch.setenv(f"UPSTANDER_{site}_PORT", str(port))
        yield port


@pytest.mark.parametrize(
    "program",
    [
        ("public", "upstander.command.web", "public"),
        ("desk", "upstander.command.web", "desk"),
        ("phones", "upstander.carriers.simulator", "127.0.0.1", "PORT", "none.json"),
    ],
)
def test_whoever_answers_in_our_place_is_not_taken_for_us(
    tmp_path: Path, taken: int, program: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "h").ensure()
    words = [str(taken) if word == "PORT" else word for word in program]
    done = subprocess.run(
        [sys.executable, "-c", FOOLED, str(home.root), *words],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "UPSTANDER_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert f"CannotServe: port {taken} is in use" in done.stderr
    assert done.stderr.count("Traceback") == 1, (
        "the supervisor's, which the command shows as a line"
    )
    assert "starting it again" not in done.stdout
    assert not is_running(home)
    shutil.rmtree(home.socket, ignore_errors=True)


def test_a_held_port_is_held_against_a_second_of_ours_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("UPSTANDER_DESK_PORT", str(probe.getsockname()[1]))
    with held("desk"):
        with pytest.raises(CannotServe, match="UPSTANDER_DESK_PORT"), held("desk"):
            pass
        with socket.socket() as site:
            site.bind(("127.0.0.1", int(os.environ["UPSTANDER_DESK_PORT"])))
            site.listen()
    with held("desk"):
        pass
