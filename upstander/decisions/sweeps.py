"""What falls due: second opinions that nobody gave."""

from __future__ import annotations

from django.db import connection


def sweep_second_opinions() -> int:
    """Let proposals lapse whose time is over; the priority stands. Returns how many lapsed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decisions_secondopinion SET state = 'lapsed', decided_at = api.clock_now()"
            " WHERE state = 'open' AND expires_at <= api.clock_now()"
        )
        lapsed: int = cursor.rowcount
    return lapsed
