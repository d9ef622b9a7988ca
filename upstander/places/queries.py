"""Reads that the pages about people and places need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from upstander.places.scope import Viewer


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's open sessions; times in UTC."""

    started_at: datetime
    used_at: datetime
    here: bool


def open_sessions(viewer: Viewer) -> list[OpenSession]:
    """Return the viewer's own open sessions, this one first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.own_sessions(%s)", [viewer.token])
        rows = [OpenSession(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (not row.here, row.started_at))
