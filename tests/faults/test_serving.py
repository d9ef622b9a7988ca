"""The whole system as `upstander demo` and `serve` run it: real sites, worker, database."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import FirstStart, System, alive
from tests.waiting import PATIENCE, until

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
def stopped(demo_home: Path, tmp_path: Path) -> Iterator[System]:
    """A demo that has been set up and does not run."""
    system = System(tmp_path / "h", durable=True)
    shutil.copytree(demo_home, system.home.root)
    # `serve` leaves the file as it is; the phones that it names rang at the other's port.
    providers = system.home.root / "providers.toml"
    named = re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{system.phones_port}", providers.read_text())
    providers.write_text(named)
    yield system
    system.stop()


def everybody(system: System) -> list[int]:
    """Ids of the supervisor and of all processes that descend from it."""
    assert system.process is not None
    return [system.process.pid, *(pid for pid, _ in system.processes())]


def lines_with(sign: str, told: list[str]) -> list[str]:
    return [line for line in told if sign in line]


def test_from_nothing_it_comes_up_and_ctrl_c_leaves_nothing(demo_start: FirstStart) -> None:
    assert len(lines_with("@", demo_start.said)) >= 3, "whom one can sign in as"
    assert demo_start.statuses["public"] == 200
    assert demo_start.statuses["desk"] in (200, 302)
    assert demo_start.statuses["phones"] == 200
    assert demo_start.processes > 8
    assert demo_start.status == 0
    assert demo_start.left == []


def test_it_starts_again_fast_and_leaves_nothing_when_killed(stopped: System) -> None:
    first = stopped.start("demo")
    error = stopped.said.with_name("second")
    assert stopped.run("demo", said=error).wait(PATIENCE) == 1
    assert "UPSTANDER_PUBLIC_PORT" in error.read_text()
    assert "Traceback" not in error.read_text()
    processes = everybody(stopped)
    stopped.end(signal.SIGKILL)
    assert until(lambda: not any(alive(pid) for pid in processes))
    ports = stopped.public_port, stopped.desk_port, stopped.phones_port
    assert [stopped.ask(port) for port in ports] == [0, 0, 0]
    # Starting it a second time adds nobody.
    assert lines_with("@", stopped.start("demo")) == lines_with("@", first)


def test_each_process_that_is_killed_comes_back(stopped: System) -> None:
    stopped.start("serve")
    _, *children = everybody(stopped)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: not any(alive(pid) for pid in children))
    assert until(lambda: stopped.ask(stopped.public_port) == 200)
    assert until(lambda: stopped.ask(stopped.desk_port) in (200, 302))
    assert until(lambda: stopped.ask(stopped.phones_port) == 200)
    heartbeat = stopped.home.run / "worker.heartbeat"
    killed = time.time()
    assert until(lambda: heartbeat.stat().st_mtime > killed)
    said = stopped.said.with_name("doctor")
    doctor = stopped.run("doctor", said=said).wait(PATIENCE)
    assert said.read_text().endswith("all is well\n"), said.read_text()
    assert doctor == 0


def test_the_demo_refuses_a_real_system(tmp_path: Path) -> None:
    system = System(tmp_path / "h", durable=True)
    system.home.ensure()
    (system.home.passwords / "owner").write_text("secret")
    assert system.run("demo").wait(PATIENCE) == 1
    assert b"real system" in system.output()
    system.stop()


def test_of_two_that_start_at_once_one_runs_and_one_says_why(
    stopped: System, demo_home: Path, tmp_path: Path
) -> None:
    other = System(tmp_path / "two" / "h", durable=True)
    shutil.copytree(demo_home, other.home.root)
    other.take_ports_of(stopped)
    systems = [stopped, other]
    try:
        for system in systems:
            system.process = system.run("demo")
        assert until(lambda: any(ended(system) for system in systems))
        lost = next(system for system in systems if ended(system))
        won = next(system for system in systems if system is not lost)
        assert until(lambda: b"\nready\n" in won.output())
        assert lost.process is not None
        assert lost.process.returncode == 1
        assert b"\nready\n" not in lost.output()
        assert b"UPSTANDER_PUBLIC_PORT" in lost.output()
        assert b"Traceback" not in lost.output()
        assert won.ask(won.public_port) == 200
    finally:
        other.stop()


def ended(system: System) -> bool:
    return system.process is not None and system.process.poll() is not None


def test_what_takes_a_port_while_the_database_is_prepared_is_named(stopped: System) -> None:
    process = stopped.process = stopped.run("demo")
    assert until(lambda: b"preparing" in stopped.output())
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", stopped.desk_port))
        other.listen()
        assert process.wait(PATIENCE) == 1
    error = stopped.output().decode()
    assert f"port {stopped.desk_port} is in use" in error
    assert "UPSTANDER_DESK_PORT" in error
    assert "Traceback" not in error
    assert "\nready\n" not in error
