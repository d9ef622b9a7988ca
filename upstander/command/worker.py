"""The clock: `python -m upstander.command.worker` sweeps what is due, every second and on a hint.

A sweep takes what is due, does a bounded piece of it and says how much it did. The one-second poll
is the truth; NOTIFY on channel `due` only makes it look sooner. Sweeps run in lanes
(`config/sweeps.py`), each a thread of its own, and pages are sent by threads of their own again, so
that nothing slow keeps the next people from being asked.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread

import psycopg
from django.db import DatabaseError, OperationalError, connection

from upstander.config import environment
from upstander.config.pdeath import hide_memory

POLL = 1.0
CHANNEL = "due"
#: A heartbeat older than this many seconds means that the worker stands still (`doctor`).
HEARTBEAT_LIMIT = 30.0

log = logging.getLogger("upstander.worker")
Sweep = Callable[[], int]


def sweep_all(sweeps: Sequence[Sweep]) -> int:
    """Run each sweep once; how much was done in all.

    One sweep's failure never keeps the others from their work: alerts must go out even if, say, a
    digest can't be written.
    """
    done = 0
    for sweep in sweeps:
        try:
            done += sweep()
        except OperationalError as error:
            # The database is away; the next second tries again. One line, not a page of traceback.
            log.warning("sweep %s: %s", sweep.__qualname__, type(error).__name__)
            connection.close()
        except Exception:
            log.exception("sweep %s.%s failed", sweep.__module__, sweep.__qualname__)
            # One that a failed sweep left in a transaction must not be used again.
            connection.close()
    return done


def beat(file: Path) -> None:
    """Say "alive" by a file's time of change."""
    file.touch(mode=0o600)


def heartbeat_age(file: Path) -> float | None:
    """Seconds since the last beat, or None if there was none."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return None


class Hints:
    """Waits for a hint that something is due, on a connection of its own."""

    def __init__(self, conninfo: str) -> None:
        self.conninfo = conninfo
        self.connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> None:
        """Return on a notification, after `seconds`, or at once if the connection broke."""
        deadline = time.monotonic() + seconds
        try:
            if self.connection is None or self.connection.closed:
                self.connection = psycopg.connect(self.conninfo, autocommit=True, connect_timeout=5)
                self.connection.execute(f"LISTEN {CHANNEL}".encode())
            for _ in self.connection.notifies(timeout=seconds, stop_after=1):
                return
        except psycopg.Error:
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            time.sleep(max(0.0, deadline - time.monotonic()))


class Lane(Thread):
    """A thread that sweeps until it is told to stop; ``beaten`` says when it last went round."""

    def __init__(
        self, name: str, work: Callable[[], int], wait: Callable[[], object], stop: Event
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.work, self.wait, self.stopping = work, wait, stop
        self.beaten = time.monotonic()

    def run(self) -> None:
        """Sweep; as long as there is something to do, without waiting."""
        while not self.stopping.is_set():
            self.beaten = time.monotonic()
            if self.work() == 0:
                self.wait()
        connection.close()


class Signs:
    """Says in the database which lanes have turned, for whoever watches (``upstander/watch``)."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.lanes = lanes
        self._said: dict[str, float] = {}
        self._begun = False

    def give(self) -> None:
        """Give a sign of life for each lane that has gone round since the last one."""
        from upstander.watch import beats  # noqa: PLC0415 - after setup()

        turned = [lane for lane in self.lanes if lane.beaten != self._said.get(lane.name)]
        try:
            if not self._begun:
                beats.begin(lane.name for lane in self.lanes)
                self._begun = True
            for lane in turned:
                self._said[lane.name] = lane.beaten
                beats.beat(lane.name)
        except DatabaseError as error:
            log.warning("no sign of life could be given: %s", type(error).__name__)
            connection.close()


def soon(seconds_to_next: Callable[[], float]) -> float:
    """Return how long to wait for what is due next; a second where the database is away."""
    try:
        return seconds_to_next()
    except DatabaseError:
        connection.close()
        return POLL


def run(lanes: Mapping[str, Sequence[Sweep]], conninfo: str, heartbeat: Path, stop: Event) -> None:
    """Run every lane and the senders until ``stop`` is set; one that stands still stops the beat.

    Whoever watches (`doctor`, `watch`) then sees it; the others go on.
    """
    from upstander.escalations import sending  # noqa: PLC0415 - after setup
    from upstander.escalations import sweeps as clock  # noqa: PLC0415 - after setup()

    senders, hints, rings = sending.Senders(), Hints(conninfo), Hints(conninfo)

    def sweep_and_wake(sweeps: Sequence[Sweep]) -> int:
        done = sweep_all(sweeps)
        if done:
            senders.woken.set()
        return done

    def feed() -> int:
        senders.woken.clear()
        return sweep_all([senders.renew_in_time, senders.feed])

    # A hint wakes these two at once: each listens by a connection of its own.
    woken: dict[str, Callable[[], object]] = {
        "alerts": lambda: hints.wait(soon(clock.seconds_to_next)),
        "calls": lambda: rings.wait(POLL),
    }
    started = [
        Lane(
            name,
            partial(sweep_and_wake, sweeps),
            woken.get(name, lambda: stop.wait(POLL)),
            stop,
        )
        for name, sweeps in lanes.items()
    ]
    started.append(
        Lane("pages", feed, lambda: senders.woken.wait(soon(sending.seconds_to_next)), stop)
    )
    for lane in started:
        lane.start()
    signs = Signs(started)
    while not stop.wait(POLL):
        signs.give()
        if all(time.monotonic() - lane.beaten < HEARTBEAT_LIMIT for lane in started):
            beat(heartbeat)
    for lane in started:
        lane.join(HEARTBEAT_LIMIT)
    senders.stop()


def main() -> None:
    """Sweep until SIGTERM."""
    environment.settings_for("worker")
    hide_memory()
    stopping = Event()
    # A sweep under way is finished: it is bounded, and what it sends is then also written down.
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    import django  # noqa: PLC0415

    django.setup()
    from upstander.config.database import Role, conninfo_for  # noqa: PLC0415
    from upstander.config.home import Home  # noqa: PLC0415
    from upstander.config.sweeps import lanes  # noqa: PLC0415

    home = Home.from_env()
    heartbeat = home.run / "worker.heartbeat"
    beat(heartbeat)
    run(lanes(), conninfo_for(Role.WORKER, home), heartbeat, stopping)


if __name__ == "__main__":
    main()
