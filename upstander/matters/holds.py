"""Whether questioning on a matter waits for a report. Asked by what lies below the duties."""

from __future__ import annotations

from uuid import UUID

from django.db import connection


def on_hold(matter_id: UUID) -> bool:
    """Tell whether the viewer must not question anybody on a matter yet; call inside ``viewing``.

    A child's first words and the minimum facts can always be written down; this is about asking.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.matter_on_hold(%s)", [matter_id])
        row = cursor.fetchone()
    return bool(row and row[0])
