"""The time that all processes share."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the database's time (UTC, whole seconds)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', api.clock_now())")
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the database gave no time")
    now: datetime = row[0]
    return now
