"""The supervisor with stand-ins for the sites, and the real database."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENCE, until
from upstander.command.errors import CannotServe
from upstander.command.ports import free_port
from upstander.command.postgres import is_running
from upstander.config.environment import machine_clock
from upstander.config.home import Home

SOURCE = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.servers

SUPERVISE = """
import os, sys
from pathlib import Path
from upstander.command.supervisor import Errand, Program, Supervisor, say
from upstander.config.home import Home
home = Home(Path(sys.argv[1]))
programs = [
    Program(name, "upstander.command.tests.sleeper", (str(home.run / name), *how))
    for name, *how in [word.split(":") for word in sys.argv[2:]]
]
# Due until it has run; what it leaves behind says that it has.
done = home.run / "errand"
errand = Program("errand", "upstander.command.tests.sleeper", (str(done), "brief"))
errands = [Errand(errand, lambda: not done.exists(), after=0.5)] if "ERRAND" in os.environ else []
supervisor = Supervisor(home, programs, embedded=True, errands=errands)
with supervisor.listening():
    try:
        supervisor.start_database()
        supervisor.run(is_ready=lambda: "READY" in os.environ, when_ready=lambda: say("ready"))
    finally:
        supervisor.stop()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "h").ensure()
    yield home
    if home.socket != home.run:
        shutil.rmtree(home.socket, ignore_errors=True)


def supervise(home: Home, *programs: str, **environment: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(home.root), *programs],
        env={
            "PYTHONPATH": str(SOURCE),
            "PATH": os.environ["PATH"],
            **machine_clock(),
            "READY": "yes",
            **environment,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    for name in programs:
        assert until(lambda name=name: (home.run / name.split(":")[0]).exists())  # type: ignore[misc]
    return process


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def ids(home: Home, name: str) -> list[int]:
    return [int(word) for word in (home.run / name).read_text().split()]


def database_id(home: Home) -> int:
    return int((home.postgres / "postmaster.pid").read_text().split()[0])


def test_it_stops_all_of_them(home: Home) -> None:
    process = supervise(home, "tame", "rude:stubborn")
    everybody = [*ids(home, "tame"), *ids(home, "rude"), database_id(home)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert [pid for pid in everybody if alive(pid)] == []


def test_it_leaves_nothing_when_it_is_killed(home: Home) -> None:
    process = supervise(home, "tame", "rude:stubborn")
    everybody = [*ids(home, "tame"), *ids(home, "rude"), database_id(home)]
    assert all(alive(pid) for pid in everybody)
    process.kill()
    process.communicate()
    assert until(lambda: not any(alive(pid) for pid in everybody))


def test_it_starts_again_what_dies(home: Home) -> None:
    process = supervise(home, "tame")
    try:
        first, database = ids(home, "tame"), database_id(home)
        os.kill(first[0], signal.SIGKILL)
        assert until(lambda: ids(home, "tame") != first)
        assert until(lambda: not alive(first[1]))
        os.kill(database, signal.SIGKILL)
        # Between its death and its return there is no pid file.
        with_file = home.postgres / "postmaster.pid"
        assert until(lambda: with_file.exists() and database_id(home) != database)
        assert until(lambda: is_running(home))
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def test_an_errand_is_run_once_it_is_due_and_not_started_again(home: Home) -> None:
    process = supervise(home, "tame", ERRAND="yes")
    try:
        done = home.run / "errand"

        def ran() -> bool:
            # As if something ended: it looks round at once, and not only once a minute.
            process.send_signal(signal.SIGCHLD)
            return done.exists()

        assert until(ran)
        first, tame = done.read_text(), ids(home, "tame")
        os.kill(tame[0], signal.SIGKILL)
        assert until(lambda: ids(home, "tame") != tame), "it has looked round since"
        assert done.read_text() == first, "it was due once"
    finally:
        process.terminate()
        told, _ = process.communicate(timeout=PATIENCE)
    assert "errand ended" not in told


def test_what_dies_at_once_is_not_started_in_a_hot_loop(home: Home) -> None:
    process = supervise(home, "hasty:brief")
    for _ in range(3):
        last = ids(home, "hasty")
        assert until(lambda last=last: ids(home, "hasty") != last), "it is started again"  # type: ignore[misc]
    process.terminate()
    told, _ = process.communicate(timeout=PATIENCE)
    pauses = re.findall(r"hasty ended; starting it again in ([\d.]+) s", told)
    assert pauses[:3] == ["0.1", "0.2", "0.4"]


def test_what_never_starts_ends_the_start_plainly(home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SUPERVISE, str(home.root), "hasty:brief"],
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert "CannotServe: hasty does not start" in done.stderr
    assert not is_running(home)


def test_a_taken_port_is_a_plain_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("UPSTANDER_DESK_PORT", str(taken.getsockname()[1]))
        with pytest.raises(CannotServe, match="UPSTANDER_DESK_PORT"):
            free_port("desk")
