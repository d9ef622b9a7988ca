"""The gateway: how the reporter's side calls the database's functions.

The public process keeps a few connections of its own and takes the one used last first: plans and
pages of its backend are still at hand, and a tip costs the database half of what it costs when
eight connections take turns. Statements are prepared once and values go over in binary, past
psycopg's own conversion, which would cost as much as a third of the tip's statement itself.
"""

from __future__ import annotations

import queue
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from time import sleep
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

from upstander.tips.speed.contract import HINT, Away, Value

#: Seconds that a call waits for its turn, and for the database to take a new connection.
PATIENCE = 2
#: Hints wait for so many seconds for others to go with. Nobody sees a hundredth of a second.
GATHER = 0.01

#: PostgreSQL's types by ours (pg_type.dat), and how they look in binary. 0: as the function has it.
_TYPES: dict[type, tuple[int, Callable[[Any], bytes | None]]] = {
    bytes: (17, lambda value: value),
    UUID: (2950, lambda value: value.bytes),
    str: (25, lambda value: value.encode()),
    int: (20, lambda value: struct.pack("!q", value)),
    bool: (16, lambda value: b"\1" if value else b"\0"),
    type(None): (0, lambda _value: None),
}


class Wire(psycopg.Connection[tuple[Any, ...]]):
    """A connection that remembers what is prepared on it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.prepared: dict[tuple[str, tuple[type, ...]], bytes] = {}


class Lines:
    """Kept connections, the one used last on top."""

    def __init__(self, dial: Callable[[], Wire], *, most: int) -> None:
        self._dial = dial
        # None stands for a connection that may be opened.
        self._free: queue.LifoQueue[Wire | None] = queue.LifoQueue()
        for _ in range(most):
            self._free.put(None)

    @contextmanager
    def line(self, *, fresh: bool = False) -> Iterator[Wire]:
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


class Hints:
    """Tells the desks which tips changed, beside the answer and several at once.

    Opaque ids. The loss of one costs a second, no more: the desks look for themselves as well.
    """

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None

    def tell(self, tip: UUID) -> None:
        """Tell of a tip a moment later. Raises nothing."""
        self._waiting.put(str(tip))
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="hints", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while True:
            tips = [self._waiting.get()]
            sleep(GATHER)
            with suppress(queue.Empty):
                while True:
                    tips.append(self._waiting.get_nowait())
            with suppress(Away):
                call(HINT, [" ".join(dict.fromkeys(tips))])


def parameters() -> dict[str, Any]:
    """Return how Django would connect, but not through its pool."""
    wanted = connection.get_connection_params()
    wanted.pop("pool", None)
    ours = {"autocommit": True, "cursor_factory": psycopg.Cursor, "connect_timeout": PATIENCE}
    return {**wanted, **ours}


def _dial() -> Wire:
    return Wire.connect(**parameters())


#: On one machine a third one files no more tips and makes each dearer; where commits take long
#: (another machine, a standby that must answer) more are needed.
lines = Lines(_dial, most=settings.PUBLIC_LINES)
hints = Hints()


def call(statement: str, values: Sequence[Value]) -> tuple[Any, ...] | None:
    """Run one function of the database (``$1``, ``$2`` … stand for values); return its first row.

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


def _run(statement: str, values: Sequence[Value], *, fresh: bool) -> tuple[Any, ...] | None:
    with connection.wrap_database_errors, lines.line(fresh=fresh) as line:
        result = _ask(line, statement, values)
        if line.pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection broke")
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
        if not result.ntuples:
            return None
        reader = Transformer(line)
        reader.set_pgresult(result)
        return reader.load_row(0, tuple)


def _ask(line: Wire, statement: str, values: Sequence[Value]) -> PGresult:
    kinds = tuple(map(type, values))
    raw = [_TYPES[kind][1](value) for kind, value in zip(kinds, values, strict=True)]
    name = line.prepared.get((statement, kinds))
    if name is None:
        name = b"gateway%d" % len(line.prepared)
        types = [_TYPES[kind][0] for kind in kinds]
        made = line.pgconn.prepare(name, statement.encode(), types)
        if made.status != ExecStatus.COMMAND_OK:
            return made
        line.prepared[statement, kinds] = name
    # None is NULL here too, though its type does not say so.
    return line.pgconn.exec_prepared(name, raw, [1] * len(raw))  # type: ignore[arg-type]
