"""Somebody's word that a number or page did not work, with nothing of who that was."""

from __future__ import annotations

from django.db import connection


def say_failed(service: str, line: str) -> None:
    """Count one more for a line (its id) of a service (its slug) today; as the public process.

    Raises DatabaseError where nothing could be kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.line_failed(p_service => %s, p_line => %s)", [service, line])
