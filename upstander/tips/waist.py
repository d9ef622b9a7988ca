"""The narrow waist: how the reporter's side calls the database's functions.

The public process keeps a few connections of its own and takes the one used last first: plans and
pages of its backend are still at hand, and a tip costs the database half of what it costs when
eight connections take turns. Statements are prepared and values go over in binary. Every other
process (the demo's loader, a test) calls through Django's connection, and so in its transaction.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

type Line = psycopg.Connection[tuple[Any, ...]]

#: Connections of one process at once. More would not file more tips: Python does one thing at a
#: time, and what waits for the disk is committed together.
MOST = 4
#: Seconds that a call waits for its turn, and for the database to take a new connection.
PATIENCE = 2


class Away(Exception):
    """The database could not be asked, or refused. What was asked for was not done."""


class Lines:
    """Kept connections, the one used last on top."""

    def __init__(self, dial: Callable[[], Line], *, most: int = MOST) -> None:
        self._dial = dial
        # None stands for a connection that may be opened.
        self._free: queue.LifoQueue[Line | None] = queue.LifoQueue()
        for _ in range(most):
            self._free.put(None)

    @contextmanager
    def line(self, *, fresh: bool = False) -> Iterator[Line]:
        """Lend a connection; ``fresh`` opens a new one. A broken one is not kept.

        Raises queue.Empty when all are in use for too long, psycopg.Error.
        """
        kept = self._free.get(timeout=PATIENCE)
        try:
            if kept is not None and (fresh or kept.closed):
                kept.close()
                kept = None
            if kept is None:
                kept = self._dial()
            yield kept
        except BaseException as error:
            refused = isinstance(error, psycopg.DatabaseError)
            if kept is not None and (not refused or isinstance(error, psycopg.OperationalError)):
                kept.close()
                kept = None
            raise
        finally:
            self._free.put(kept)


def _dial() -> Line:
    """Connect as Django would, but not through its pool."""
    wanted = connection.get_connection_params()
    wanted.pop("pool", None)
    ours = {
        "autocommit": True,
        "cursor_factory": psycopg.Cursor,
        "prepare_threshold": 0,
        "connect_timeout": PATIENCE,
    }
    return psycopg.connect(**{**wanted, **ours})


lines = Lines(_dial)


def call(statement: str, values: Sequence[object]) -> tuple[Any, ...] | None:
    """Run one function of the database and return its first row.

    Once more, on a new connection, when the first one broke; so only what may be repeated belongs
    here. Raises Away.
    """
    try:
        try:
            return _run(statement, values, fresh=False)
        except (OperationalError, InterfaceError):
            return _run(statement, values, fresh=True)
    except (DatabaseError, InterfaceError, queue.Empty) as error:
        raise Away from error


def _run(statement: str, values: Sequence[object], *, fresh: bool) -> tuple[Any, ...] | None:
    with connection.wrap_database_errors, _line(fresh=fresh) as line:
        cursor = psycopg.Cursor(line)
        cursor.execute(statement.encode(), values, prepare=True)
        return cursor.fetchone()


@contextmanager
def _line(*, fresh: bool) -> Iterator[Line]:
    if settings.PROCESS == "public":
        with lines.line(fresh=fresh) as line:
            yield line
        return
    if fresh:
        connection.close()
    connection.ensure_connection()
    yield connection.connection
