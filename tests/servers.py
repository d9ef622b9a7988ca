"""The real product on a data folder of its own: PostgreSQL, both sites, worker, the demo's data.

`python -m tests.servers` is `upstander demo` with a database that does not wait for the disk, for
tests in which nothing is killed. `System(root, durable=True)` runs `upstander demo` itself.
"""

from __future__ import annotations

import fcntl
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.waiting import PATIENCE, until
from upstander.command.launch import dying_with_us
from upstander.config.database import DATABASE, PORT, Role, password_of
from upstander.config.environment import machine_clock
from upstander.config.home import Home
from upstander.vault.keyring import Keyring

SOURCE = Path(__file__).resolve().parents[1]
#: Real seconds for a second in which the demo's phones ring, speak and send; a hand's are real.
PACE = 0.1


class NeverReady(Exception):
    """The servers did not start; the message is what they said."""


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


class System:
    """A running Upstander. Start it from the main thread: it dies with the thread that did."""

    def __init__(self, root: Path, *, durable: bool = False, plain: bool = False) -> None:
        """``root`` is a folder that does not exist yet; what the processes say goes beside it.

        ``plain``: without the intake's speed machinery.
        """
        self.plain = plain
        self.home = Home(root)
        self.said = root.with_name(f"{root.name}.said")
        self.durable = durable
        self.public_port, self.desk_port, self.phones_port, self.watch_port = free_ports(4)
        self._name_addresses()
        self.process: subprocess.Popen[bytes] | None = None

    def take_ports_of(self, other: System) -> None:
        """Be where another is: only one of them can start."""
        self.public_port, self.desk_port = other.public_port, other.desk_port
        self.phones_port, self.watch_port = other.phones_port, other.watch_port
        self._name_addresses()

    def _name_addresses(self) -> None:
        self.public = f"http://127.0.0.1:{self.public_port}"
        self.desk = f"http://localhost:{self.desk_port}"
        self.phones = f"http://127.0.0.1:{self.phones_port}"

    def start(self, task: str = "demo", *, like: Path | None = None) -> list[str]:
        """Start everything and return when both sites answer; the lines printed. Raises NeverReady.

        ``like`` is the data folder of another that has stopped: to copy it is quicker than to make
        one.
        """
        if like is not None:
            shutil.copytree(like, self.home.root)
            phones = self.home.root / "phones.json"
            phones.write_text(json.dumps(json.loads(phones.read_bytes()) | {"pace": PACE}))
        process = self.process = self.run(task)

        def over() -> bool:
            return b"\nready\n" in self.output() or process.poll() is not None

        # The database, what is in it, the sites: each may take as long as any other wait.
        any(until(over, pause=0.1) for _ in range(3))
        if b"\nready\n" not in self.output():
            self.stop()
            raise NeverReady(self.output().decode(errors="replace"))
        return self.output().decode().splitlines()

    def run(self, task: str, *, said: Path | None = None) -> subprocess.Popen[bytes]:
        """Start one of the commands; what it says goes to ``said``, if not where all of it goes."""
        module = "upstander.command" if self.durable else "tests.servers"
        with (said or self.said).open("wb") as file:
            return subprocess.Popen(
                dying_with_us(sys.executable, "-m", module, task, options=["--signal", "SIGTERM"]),
                env={
                    "PATH": os.environ["PATH"],
                    **machine_clock(),
                    "PYTHONPATH": str(SOURCE),
                    "PYTHONUNBUFFERED": "1",
                    "UPSTANDER_HOME": str(self.home.root),
                    "UPSTANDER_PUBLIC_PORT": str(self.public_port),
                    "UPSTANDER_DESK_PORT": str(self.desk_port),
                    "UPSTANDER_PHONES_PORT": str(self.phones_port),
                    "UPSTANDER_WATCH_PORT": str(self.watch_port),
                    # What a test counts is its own: no tip of the system's.
                    "UPSTANDER_PROBE_SECONDS": "0",
                    # Nor has it a year behind it: that is told by `make demo` alone.
                    "UPSTANDER_DEMO_YEAR": "0",
                    "UPSTANDER_PLAIN_INTAKE": "1" if self.plain else "0",
                },
                cwd=SOURCE,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    def output(self) -> bytes:
        """Return all that any of the processes printed."""
        return self.said.read_bytes()

    def end(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Stop everything; the seconds that it took."""
        begun = time.monotonic()
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(how)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return time.monotonic() - begun

    def stop(self) -> None:
        """Stop everything and remove what it wrote."""
        self.end()
        shutil.rmtree(self.home.root, ignore_errors=True)
        shutil.rmtree(self.home.socket, ignore_errors=True)

    def sign_in(self, role: Role) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect to the database as one of the real roles; close it."""
        return psycopg.connect(
            host=str(self.home.socket),
            port=PORT,
            dbname=DATABASE,
            user=role.login,
            password=password_of(role, self.home),
            autocommit=True,
            connect_timeout=5,
        )

    def key(self, name: str) -> bytes:
        """Return one of the system's key files."""
        return Keyring(self.home.keys).read(name)

    def processes(self) -> Iterator[tuple[int, str]]:
        """Give (id, command line) of all that descend from the supervisor."""
        assert self.process is not None
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    stat = (entry / "stat").read_text()
                except OSError:
                    continue
                parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        for pid in found[1:]:
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            yield pid, line.replace(b"\0", b" ").decode(errors="replace")

    def answers(self, port: int) -> bool:
        """Tell whether one of the sites answers."""
        return 0 < self.ask(port) < 500

    def ask(self, port: int) -> int:
        """Return the status of a site's first page; 0 if nobody answers."""
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        host = "127.0.0.1" if port == self.public_port else "localhost"
        try:
            connection.request("GET", "/", headers={"Host": f"{host}:{port}"})
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be asked for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@dataclass(frozen=True)
class FirstStart:
    """A demo that was set up from nothing, by the command itself, and stopped by Ctrl-C."""

    home: str
    """Its data folder, to be copied."""
    said: list[str]
    statuses: dict[str, int]
    """Of each site's first page."""
    processes: int
    status: int
    left: list[int]
    """Processes that are still there afterwards."""


def first_start(folder: Path) -> FirstStart:
    """Set a demo up and stop it, once for all who give the same folder.

    Whoever comes while another process does it waits. Raises NeverReady.
    """
    return FirstStart(**once(folder / "demo", lambda home: asdict(_first_start(home))))


def once(folder: Path, make: Callable[[Path], Any]) -> Any:
    """Make a data folder, once for all who give the same one; return what was said of it then.

    ``make`` gets the data folder, and says something that JSON holds.
    """
    made = folder / "made"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_text(json.dumps(make(folder / "home")))
    return json.loads(made.read_text())


def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of a run have."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def _first_start(home: Path) -> FirstStart:
    system = System(home, durable=True)
    said = system.start()
    ports = {"public": system.public_port, "desk": system.desk_port, "phones": system.phones_port}
    statuses = {site: system.ask(port) for site, port in ports.items()}
    assert system.process is not None
    everybody = [system.process.pid, *(pid for pid, _ in system.processes())]
    system.end(signal.SIGINT)
    left = [pid for pid in everybody if alive(pid)]
    shutil.rmtree(system.home.socket, ignore_errors=True)
    return FirstStart(
        str(home),
        said,
        statuses,
        len(everybody),
        system.process.returncode,
        left,
    )


def main() -> None:
    """Run the demo with a database that forgets its last moments when it is killed."""
    from upstander.command import supervisor  # noqa: PLC0415
    from upstander.command.main import main as command  # noqa: PLC0415
    from upstander.command.postgres import EmbeddedPostgres  # noqa: PLC0415

    fast = functools.partial(EmbeddedPostgres, durable=False)
    setattr(supervisor, "EmbeddedPostgres", fast)  # noqa: B010 - not its own name
    sys.exit(command(sys.argv[1:]))


if __name__ == "__main__":
    main()
