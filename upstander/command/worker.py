"""The clock: `python -m upstander.command.worker` sweeps what is due, every second and on a hint.

A sweep takes what is due, does a bounded piece of it and says how much it did. The one-second poll
is the truth; NOTIFY on channel `due` only makes it look sooner.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import psycopg
from django.db import OperationalError, connection

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


def main() -> None:
    """Sweep until SIGTERM."""
    os.environ["UPSTANDER_PROCESS"] = "worker"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    hide_memory()
    stopping = Event()
    # A sweep under way is finished: it is bounded, and what it sends is then also written down.
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    import django  # noqa: PLC0415

    django.setup()
    from upstander.config.database import Role, conninfo_for  # noqa: PLC0415
    from upstander.config.home import Home  # noqa: PLC0415
    from upstander.config.sweeps import SWEEPS  # noqa: PLC0415

    home = Home.from_env()
    hints = Hints(conninfo_for(Role.WORKER, home))
    while not stopping.is_set():
        beat(home.run / "worker.heartbeat")
        # As long as there is something to do, do it without waiting.
        if sweep_all(SWEEPS) == 0:
            hints.wait(POLL)


if __name__ == "__main__":
    main()
