"""Several watches on several machines: one speaks, and another when that one dies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from upstander.config.database import Role
from upstander.watch import troubles


def test_one_watch_speaks_and_another_takes_its_place_when_it_dies(
    real_database: Callable[[Role], psycopg.Connection[tuple[Any, ...]]],
) -> None:
    mine, other = troubles.Chair(), real_database(Role.WORKER)
    assert mine.mine()
    assert mine.mine()
    key = troubles._CHAIR
    assert other.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone() == (False,)
    connection.close()
    # The server may take a moment to see that the connection has gone.
    other.execute("SELECT pg_advisory_lock(%s)", [key])
    assert not mine.mine()
    other.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    assert mine.mine()
