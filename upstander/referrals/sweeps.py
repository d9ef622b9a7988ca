"""What the worker does: what an agency may not read any more goes."""

from __future__ import annotations

from django.db import connection


def sweep_consents() -> int:
    """Destroy the copies whose consent has run out; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.end_consents()")
        [(gone,)] = cursor.fetchall()
    return int(gone)
