"""The whole system as `upstander demo` and `serve` run it: real sites, worker, database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from upstander.config.home import Home

SOURCE = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.servers, pytest.mark.slow]
#: Seconds, for a busy machine. On two idle processors it is ten from nothing, then three.
COLD, WARM = 120.0, 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class System:
    """A data folder with two ports, and whatever runs on them."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.ports = {site: free_port() for site in ("public", "desk", "phones", "watch")}
        self.process: subprocess.Popen[str] | None = None
        self.errors = root.with_name("errors")

    def command(self, task: str) -> subprocess.Popen[str]:
        # To a file: nobody reads a pipe of it while the system runs, and a full one stops it.
        with self.errors.open("w", encoding="utf-8") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "upstander.command", task],
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(SOURCE),
                    "UPSTANDER_HOME": str(self.home.root),
                    "UPSTANDER_PUBLIC_PORT": str(self.ports["public"]),
                    "UPSTANDER_DESK_PORT": str(self.ports["desk"]),
                    "UPSTANDER_PHONES_PORT": str(self.ports["phones"]),
                    "UPSTANDER_WATCH_PORT": str(self.ports["watch"]),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def start(self, task: str, *, within: float) -> list[str]:
        """Start and wait for `ready`; what was printed before."""
        begun = time.monotonic()
        self.process = self.command(task)
        assert self.process.stdout is not None
        told = []
        for line in self.process.stdout:
            told.append(line.rstrip("\n"))
            if told[-1] == "ready":
                assert time.monotonic() - begun < within
                return told
        self.process.wait()
        pytest.fail(f"never ready: {told} {self.errors.read_text(encoding='utf-8')}")

    def everybody(self) -> list[int]:
        """Ids of all processes that descend from the supervisor."""
        assert self.process is not None
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int(
                        (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
                    )
                except OSError:
                    continue
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def ask(self, site: str, path: str = "/") -> int:
        """The status of a plain GET, or 0 if nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.ports[site], timeout=5)
        host = "127.0.0.1" if site == "public" else "localhost"
        try:
            connection.request("GET", path, headers={"Host": f"{host}:{self.ports[site]}"})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def end(self, how: signal.Signals) -> float:
        """Signal the supervisor; the seconds until it has ended."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(how)
        self.process.communicate(timeout=30)
        return time.monotonic() - begun


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def soon(check: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not check() and time.monotonic() < deadline:
        time.sleep(0.05)
    return check()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The demo, set up from nothing and stopped by Ctrl-C once."""
    system = System(tmp_path_factory.mktemp("demo") / "h")
    told = system.start("demo", within=COLD)
    try:
        assert sum("@" in line for line in told) >= 3, "whom one can sign in as"
        assert system.ask("public") == 200
        assert system.ask("desk") in (200, 302)
        assert system.ask("phones") == 200
        everybody = system.everybody()
        assert len(everybody) > 8
        assert system.end(signal.SIGINT) < 5
        assert system.process is not None
        assert system.process.returncode == 0
        assert [pid for pid in everybody if alive(pid)] == []
        yield system
    finally:
        if system.process is not None and system.process.poll() is None:
            system.process.kill()
            system.process.communicate()
        shutil.rmtree(system.home.socket, ignore_errors=True)


def test_it_starts_again_fast_and_leaves_nothing_when_killed(system: System) -> None:
    first = system.start("demo", within=WARM)
    second = system.command("demo")
    second.communicate(timeout=30)
    error = system.errors.read_text(encoding="utf-8")
    assert second.returncode == 1
    assert "UPSTANDER_PUBLIC_PORT" in error
    assert "Traceback" not in error
    everybody = system.everybody()
    system.end(signal.SIGKILL)
    assert soon(lambda: not any(alive(pid) for pid in everybody), 5)
    assert system.ask("public") == system.ask("desk") == system.ask("phones") == 0
    # Starting it a second time adds nobody.
    again = system.start("demo", within=WARM)
    assert [line for line in again if "@" in line] == [line for line in first if "@" in line]
    system.end(signal.SIGTERM)


def test_each_process_that_is_killed_comes_back(system: System) -> None:
    system.start("serve", within=WARM)
    try:
        _, *children = system.everybody()
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        assert soon(lambda: not any(alive(pid) for pid in children))
        assert soon(lambda: system.ask("public") == 200, 60)
        assert soon(lambda: system.ask("desk") in (200, 302), 60)
        assert soon(lambda: system.ask("phones") == 200, 60)
        heartbeat = system.home.run / "worker.heartbeat"
        killed = time.time()
        assert soon(lambda: heartbeat.stat().st_mtime > killed, 60)
        doctor = system.command("doctor")
        said, _ = doctor.communicate(timeout=30)
        assert said.endswith("all is well\n")
        assert doctor.returncode == 0
    finally:
        system.end(signal.SIGTERM)


def test_the_demo_refuses_a_real_system(tmp_path: Path) -> None:
    system = System(tmp_path / "h")
    system.home.ensure()
    (system.home.passwords / "owner").write_text("secret")
    process = system.command("demo")
    process.communicate(timeout=30)
    error = system.errors.read_text(encoding="utf-8")
    assert process.returncode == 1
    assert "real system" in error
    shutil.rmtree(system.home.socket, ignore_errors=True)
