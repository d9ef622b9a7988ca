"""The real product, started for a measurement: its own data folder, ports and processes."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from upstander.command.launch import dying_with_us
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home

SOURCE = Path(__file__).resolve().parents[2]
_TICK = os.sysconf("SC_CLK_TCK")
#: Seconds for migrations and made-up people on a busy machine.
_PATIENCE = 300.0

#: What stands in a process's command line, by the name under which its time is counted.
_KINDS = {
    "web": "upstander.command.web\0public",
    "desk": "upstander.command.web\0desk",
    "worker": "upstander.command.worker",
}


class BenchFailed(Exception):
    """The measurement can't go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """Processor seconds since the start, by kind of process."""

    seconds: Mapping[str, float]

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu({kind: self.seconds[kind] - other.seconds[kind] for kind in self.seconds})

    def __getitem__(self, kind: str) -> float:
        return self.seconds[kind]


class Product:
    """A running system. Everything ends with the ``with`` block, or with this process."""

    def __init__(self, home: Home, *, keep: bool = False) -> None:
        self.home, self.keep = home, keep
        self.public_port, self.desk_port, self.phones_port, self.watch_port = _free_ports(4)
        self.log = home.root / "bench.log"
        self.process: subprocess.Popen[str] | None = None

    def environment(self, process: str | None = None) -> dict[str, str]:
        """The environment of a program that works on this system."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(SOURCE),
            "LANG": "C.UTF-8",
            "UPSTANDER_HOME": str(self.home.root),
            "UPSTANDER_PUBLIC_PORT": str(self.public_port),
            "UPSTANDER_DESK_PORT": str(self.desk_port),
            "UPSTANDER_PHONES_PORT": str(self.phones_port),
            "UPSTANDER_WATCH_PORT": str(self.watch_port),
            # What a test counts is its own: no tip of the system's.
            "UPSTANDER_PROBE_SECONDS": "0",
            # Nor has it a year behind it: that is told by `make demo` alone.
            "UPSTANDER_DEMO_YEAR": "0",
            # The load comes as through a proxy of ours, which names each reporter's address.
            "UPSTANDER_TRUSTED_PROXIES": "127.0.0.0/8",
            **({"UPSTANDER_PROCESS": process, "UPSTANDER_DEMO": "1"} if process else {}),
            **{k: v for k, v in os.environ.items() if k.endswith("_WORKERS")},
        }

    def start(self) -> None:
        """Start all of it and wait until it is ready. Raises BenchFailed."""
        self.home.ensure()
        with self.log.open("w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                dying_with_us(
                    sys.executable,
                    "-m",
                    "tests.bench.system",
                    options=("--signal", "SIGTERM"),
                ),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        deadline = time.monotonic() + _PATIENCE
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
            if time.monotonic() > deadline:
                break
        raise BenchFailed(f"the product did not start: {self.log.read_text('utf-8')[-2000:]}")

    def stop(self) -> None:
        """Stop everything and remove what it wrote."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.communicate()
        if not self.keep:
            shutil.rmtree(self.home.socket, ignore_errors=True)
            shutil.rmtree(self.home.root, ignore_errors=True)

    def owner(self) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection as the owner of the tables."""
        return psycopg.connect(conninfo_for(Role.OWNER, self.home), autocommit=True)

    def superuser(self) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection that may change the server's settings."""
        password = (self.home.passwords / "superuser").read_text(encoding="ascii").strip()
        where = make_conninfo(
            host=str(self.home.socket),
            port=5432,
            dbname="upstander",
            user="postgres",
            password=password,
        )
        return psycopg.connect(where, autocommit=True)

    def cpu(self) -> Cpu:
        """Return the processor time used so far, of whole process trees (ended children too)."""
        children, times = _processes()
        found = dict.fromkeys((*_KINDS, "database"), 0.0)
        for kind, child in self._kinds(children):
            found[kind] += _tree_time(child, children, times)
        if not all(found[kind] for kind in ("web", "database")):
            raise BenchFailed("a process of the product is missing")
        return Cpu(found)

    def memory(self) -> dict[str, float]:
        """Return the resident megabytes of each kind of process, whole trees; not the database."""
        children, _ = _processes()
        found = dict.fromkeys(_KINDS, 0.0)
        for kind, child in self._kinds(children):
            if kind in found:
                found[kind] += sum(map(_resident, _tree(child, children)))
        return found

    def peak(self, kind: str) -> float:
        """Return the most megabytes that a kind's processes held since this was asked last."""
        children, _ = _processes()
        found = 0.0
        for one, child in self._kinds(children):
            for pid in _tree(child, children) if one == kind else ():
                with contextlib.suppress(OSError, StopIteration):
                    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
                    found += int(next(x for x in lines if x.startswith("VmHWM")).split()[1]) / 1024
                    # 5: begin the high-water mark anew, proc(5).
                    Path(f"/proc/{pid}/clear_refs").write_text("5")
        return found

    def _kinds(self, children: Mapping[int, list[int]]) -> Iterator[tuple[str, int]]:
        """Yield what each process is that the supervisor started, by its command line."""
        assert self.process is not None
        for child in children.get(self.process.pid, []):
            command = _command_line(child)
            kind = next((k for k, mark in _KINDS.items() if mark in command), None)
            if kind is None and "postgres" in command:
                kind = "database"
            if kind is not None:
                yield kind, child


@contextlib.contextmanager
def running_product(*, keep: bool = False) -> Iterator[Product]:
    """Start a product in a new folder; stop it and remove the folder at the end."""
    product = Product(Home(Path(tempfile.mkdtemp(prefix="upstander-bench-"))), keep=keep)
    try:
        product.start()
        yield product
    finally:
        product.stop()


def _free_ports(count: int) -> list[int]:
    """Find free ports outside the range from which the system draws its own."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(9100, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
    return found


def _processes() -> tuple[dict[int, list[int]], dict[int, float]]:
    """Return the children of each process, and the processor seconds of each with ended ones."""
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(entry.name)
        children.setdefault(int(fields[1]), []).append(pid)
        # utime, stime, cutime, cstime: proc(5), fields 14 to 17.
        times[pid] = sum(map(int, fields[11:15])) / _TICK
    return children, times


def _tree_time(pid: int, children: Mapping[int, list[int]], times: Mapping[int, float]) -> float:
    below = sum(_tree_time(child, children, times) for child in children.get(pid, []))
    return times.get(pid, 0.0) + below


def _tree(pid: int, children: Mapping[int, list[int]]) -> Iterator[int]:
    yield pid
    for child in children.get(pid, []):
        yield from _tree(child, children)


def _resident(pid: int) -> float:
    """Return a process's resident megabytes; 0 where it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
