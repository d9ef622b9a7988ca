"""Renewals of the nightly key file in processes of their own, which die at a point that is named.

They are forked off a program that knows Django and has no threads: a copy of the test's own
process, with its threads, may wait for a lock that nobody there holds any more.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.db import connection

from tests.servers import SOURCE

type Renew = Callable[[Path, Path, int | None], bool]


@contextmanager
def renewals() -> Iterator[Renew]:
    """Start the program. It gives a function that renews to the end, as the worker.

    That takes the two places' folders, and the number of the write (commits among them) before
    which the process is killed; it returns whether the renewal came to its end.
    """
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.renewing"],
        cwd=SOURCE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def renew(first: Path, second: Path, point: int | None) -> bool:
        connection.close()
        at = {key: connection.settings_dict[key] for key in ("NAME", "HOST", "PORT")}
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(json.dumps([str(first), str(second), at, point]) + "\n")
        program.stdin.flush()
        status = int(program.stdout.readline())
        assert status in (0, -signal.SIGKILL)
        return status == 0

    try:
        yield renew
    finally:
        program.communicate()


def main() -> None:
    """Do one renewal for each line that comes in, and say its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _renew(*json.loads(line))
                status = 0
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(ended)}\n")
        sys.stdout.flush()


def _renew(first: str, second: str, at: dict[str, Any], point: int | None) -> None:
    from upstander.vault import sweeps  # noqa: PLC0415 - its models need Django set up
    from upstander.vault.shred_files import ShredFiles, TwoPlaces  # noqa: PLC0415

    connection.settings_dict |= at
    # Close at once: all of a renewal is in one run.
    sweeps.GRACE = timedelta(0)  # type: ignore[misc]
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
    if point is not None:
        _die_at(point)
    places = TwoPlaces(ShredFiles(Path(first)), ShredFiles(Path(second)))
    while sweeps.renew(places, pages=1):
        pass


def _die_at(point: int) -> None:
    from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: PLC0415

    count = itertools.count(1)

    def counted(work: Callable[..., Any], writes: Callable[..., bool]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            if writes(*given) and next(count) == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return work(*given, **named)

        return run

    for name in ("rename", "fsync", "unlink"):
        setattr(os, name, counted(getattr(os, name), lambda *_: True))
    opens = counted(os.open, lambda _path, flags, *_: bool(flags & (os.O_WRONLY | os.O_CREAT)))
    setattr(os, "open", opens)  # noqa: B010 - not this module's own name
    commits = counted(BaseDatabaseWrapper.commit, lambda *_: True)
    setattr(BaseDatabaseWrapper, "commit", commits)  # noqa: B010


if __name__ == "__main__":
    main()
