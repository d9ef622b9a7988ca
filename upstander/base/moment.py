"""The time that all processes share: the database's, and no machine's own."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the database's time (UTC, microseconds), by which rules and deadlines go.

    It is ``api.clock_now()``, which tests can replace. Raises DatabaseError where there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.clock_now()")
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the database gave no time")
    now: datetime = row[0]
    return now


def database_second() -> datetime:
    """Return the second that has begun (UTC): for times that are kept, shown or put in a file.

    A kept time says no more than a person needs; a calendar and a link have no finer one.
    """
    return database_now().replace(microsecond=0)
