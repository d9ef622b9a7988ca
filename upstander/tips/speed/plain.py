"""The plain intake: Django's connection, pages rendered each time, compressed as all others are.

It does what the quick one does, and nothing in it is clever. Every process but the public one calls
the database this way; the public one does with ``UPSTANDER_PLAIN_INTAKE=1``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from upstander.tips.speed.contract import HINT, Away, Value
from upstander.tips.speed.slots import parts


def call(statement: str, values: Sequence[Value]) -> tuple[Any, ...] | None:
    """Run a function of the database; return its first row.

    Once more, on a new connection, when the first one broke. Raises Away.
    """
    try:
        try:
            return _run(statement, values)
        except (OperationalError, InterfaceError):
            connection.close()
            return _run(statement, values)
    except (DatabaseError, InterfaceError) as error:
        raise Away from error


def _run(statement: str, values: Sequence[Value]) -> tuple[Any, ...] | None:
    connection.ensure_connection()
    # Django's own cursors know %s only; the statements are written as PostgreSQL has them.
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        return cursor.execute(statement.encode(), values).fetchone()


def tell(tip: UUID) -> None:
    """Tell the desks of a tip, at once. Raises nothing: they look for themselves as well."""
    with suppress(Away):
        call(HINT, [str(tip)])


class RenderedPage:
    """A page rendered for one answer."""

    def __init__(self, html: str) -> None:
        self._pieces, self._names = parts(html)

    def filled(self, values: Mapping[str, str]) -> bytes:
        """Return the page. ``values`` are already escaped. Raises KeyError for a slot left out."""
        out = self._pieces[0]
        for name, after in zip(self._names, self._pieces[1:], strict=True):
            out += values[name] + after
        return out.encode()

    def gzipped(self, values: Mapping[str, str]) -> None:
        """Leave it to the site's middleware, which compresses what may be compressed."""


def page(_key: Hashable, render: Callable[[], str]) -> RenderedPage:
    """Render the page. Nothing is kept."""
    return RenderedPage(render())
