"""Runs the processes of a system together: restarts what dies, stops all, leaves nothing behind.

The supervisor holds no Django and no secret beyond file paths. Its children die with it by the
kernel's hand (`upstander.config.pdeath`), so that even `kill -9` leaves no process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from upstander.command.errors import CannotServe
from upstander.command.launch import dying_with_us
from upstander.command.ports import TAKEN, in_use
from upstander.command.postgres import EmbeddedPostgres, PostgresFailed
from upstander.command.web import listen_address, port_of
from upstander.config import environment
from upstander.config.home import Home

#: Seconds. Everything is stopped within five: sites and worker first, then the database.
SITES_PATIENCE = 3.0
LONGEST_PAUSE = 30.0
#: A child that ran this long before it died is started again at once.
STEADY = 30.0
#: What dies this often before the system was ever ready is broken, not unlucky.
FIRST_TRIES = 3


def say(line: str) -> None:
    """Tell whoever watches the terminal or the journal."""
    print(line, flush=True)


class Child(Protocol):
    """Something that the supervisor keeps running."""

    name: str

    def start(self) -> None:
        """Start it; the caller knows that it is not running."""

    def alive(self) -> bool:
        """Whether it runs."""


@dataclass
class Program:
    """A child that is one of our own Python modules."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    """Variables that it must not be given, whoever started the supervisor with them."""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it so that it dies with this process. Call from the main thread."""
        source = str(Path(__file__).resolve().parents[2])
        self.process = subprocess.Popen(
            dying_with_us(sys.executable, "-m", self.module, *self.arguments),
            stdin=subprocess.DEVNULL,
            env={
                **environment.for_child(without=self.without),
                "PYTHONPATH": source,
                **self.environment,
            },
        )

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def port_was_taken(self) -> bool:
        """Whether it ended because another program listens on its port."""
        return self.process is not None and self.process.returncode == TAKEN

    def send(self, how: signal.Signals) -> None:
        """Signal it, and with SIGKILL its own children too (the launcher made them one group)."""
        if self.process is None or self.process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            self.process.send_signal(how)


@dataclass
class Errand:
    """A program that is run now and then, and ends by itself."""

    program: Program
    #: Tells whether it is time; asked about once a minute, and not while it runs.
    is_due: Callable[[], bool]
    #: Seconds after the system was ready before it runs at all: a start has enough to do.
    after: float = 600.0

    def run_if_due(self, ready_for: float) -> None:
        """Run it if it is due. Call from the main thread."""
        if ready_for >= self.after and not self.program.alive() and self.is_due():
            self.program.start()


@dataclass
class Database:
    """The embedded PostgreSQL as a child."""

    server: EmbeddedPostgres
    name: str = "database"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.server.start()

    def alive(self) -> bool:
        """Whether it runs."""
        return self.server.process is not None and self.server.process.poll() is None


@dataclass
class Watch:
    """When a child was started last and how long to wait before the next time."""

    child: Child
    started: float = 0.0
    pause: float = 0.0
    due: float | None = None
    deaths: int = 0


class Supervisor:
    """Keeps children running from `run()` until SIGINT or SIGTERM."""

    def __init__(
        self,
        home: Home,
        programs: Sequence[Program],
        *,
        embedded: bool,
        errands: Sequence[Errand] = (),
    ) -> None:
        self.home = home
        self.stopping = False
        self.server = EmbeddedPostgres(home, cancelled=lambda: self.stopping) if embedded else None
        self.programs = programs
        self.errands = errands
        self._bell: socket.socket | None = None

    # -- signals ----------------------------------------------------------------------------------
    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Turn SIGINT and SIGTERM into `stopping`, and let SIGCHLD wake the loop, for a block."""
        near, far = socket.socketpair()
        near.setblocking(False)
        far.setblocking(False)
        self._bell = near
        wanted = {
            signal.SIGINT: self._stop,
            signal.SIGTERM: self._stop,
            signal.SIGHUP: self._stop,
            signal.SIGCHLD: lambda *_: None,
        }
        before = {number: signal.signal(number, act) for number, act in wanted.items()}
        old_far = signal.set_wakeup_fd(far.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(old_far)
            for number, act in before.items():
                signal.signal(number, act)
            self._bell = None
            near.close()
            far.close()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _sleep(self, seconds: float) -> None:
        """Sleep until a signal comes or the time is over."""
        if self._bell is None:
            raise RuntimeError("only inside listening()")
        self._bell.settimeout(max(0.0, seconds) or None)
        with contextlib.suppress(TimeoutError, BlockingIOError):
            self._bell.recv(512)

    # -- running ----------------------------------------------------------------------------------
    def start_database(self) -> None:
        """Start the embedded server, if there is to be one. Raises PostgresFailed."""
        if self.server is not None:
            self.server.start()

    def run(self, *, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        """Start the programs, keep all running, and return when asked to stop.

        `when_ready` is called once, when `is_ready` says so. What was ready once is started again
        for ever; before that, raises CannotServe when a program can't be started at all.
        """
        children: list[Child] = [*self.programs]
        if self.server is not None:
            children.insert(0, Database(self.server))
        watches = [Watch(child) for child in children]
        ready = False
        ready_at = 0.0
        while not self.stopping:
            now = time.monotonic()
            for watch in watches:
                self._tend(watch, now)
                if not ready and watch.deaths > FIRST_TRIES:
                    raise CannotServe(f"{watch.child.name} does not start; the reason stands above")
            if not ready and is_ready():
                ready, ready_at = True, time.monotonic()
                when_ready()
            if ready:
                for errand in self.errands:
                    errand.run_if_due(time.monotonic() - ready_at)
            due = [watch.due - time.monotonic() for watch in watches if watch.due is not None]
            # SIGCHLD ends the sleep at once; the minute only guards against a lost signal.
            self._sleep(max(0.01, min([60.0, *due] if ready else [0.1, *due])))

    def _tend(self, watch: Watch, now: float) -> None:
        if watch.child.alive() or self.stopping:
            return
        if watch.due is None and watch.started:
            if isinstance(watch.child, Program) and watch.child.port_was_taken and not watch.deaths:
                # It never had it: whoever answers there is somebody else, and would pass for us.
                raise CannotServe(in_use(watch.child.name))
            ran = now - watch.started
            watch.pause = 0.1 if ran > STEADY else min(LONGEST_PAUSE, max(0.1, watch.pause * 2))
            watch.due = now + watch.pause
            watch.deaths += 1
            say(f"{watch.child.name} ended; starting it again in {watch.pause:.1f} s")
        if watch.due is not None and now < watch.due:
            return
        watch.due = None
        watch.started = now
        try:
            watch.child.start()
        except PostgresFailed as failed:
            if not self.stopping:
                say(f"{watch.child.name}: {failed}")

    def stop(self) -> None:
        """Stop everything: ask, wait, then force. At most about five seconds."""
        everything = [*self.programs, *(errand.program for errand in self.errands)]
        for program in everything:
            program.send(signal.SIGTERM)
        deadline = time.monotonic() + SITES_PATIENCE
        while any(program.alive() for program in everything) and time.monotonic() < deadline:
            time.sleep(0.02)
        for program in everything:
            program.send(signal.SIGKILL)
            if program.process is not None:
                program.process.wait()
        if self.server is not None:
            self.server.stop()


def answers(site: str) -> bool:
    """Whether the site answers a plain request with anything but its own failure."""
    host = "127.0.0.1" if site == "public" else "localhost"
    asked = f"GET / HTTP/1.1\r\nHost: {host}:{port_of(site)}\r\nConnection: close\r\n\r\n"
    address = listen_address()
    if address in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        address = "127.0.0.1"
    try:
        with socket.create_connection((address, port_of(site)), timeout=2) as connection:
            connection.sendall(asked.encode())
            status = connection.recv(64).split(b" ")
    except OSError:
        return False
    return len(status) > 1 and status[1][:1] in (b"2", b"3", b"4")
