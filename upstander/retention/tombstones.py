"""What has gone, as the database knows it: to be written down apart, and to be replayed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from upstander.audit.actions import record
from upstander.base.moment import database_now
from upstander.places.scope import System
from upstander.vault.models import Tombstone

#: Older tombstones are in every database backup that can still be opened.
REPLAYED: Final = timedelta(days=70)


def recent() -> list[tuple[UUID, datetime]]:
    """Return what has gone within the last 70 days, and when (UTC)."""
    found = Tombstone.objects.filter(at__gt=database_now() - REPLAYED).order_by("at", "subject")
    return list(found.values_list("subject", "at"))


def gone_at(subject: UUID) -> datetime | None:
    """Return when a tip that the viewer may know of was destroyed; call inside ``viewing``."""
    return Tombstone.objects.filter(pk=subject).values_list("at", flat=True).first()


def replay(gone: Sequence[UUID]) -> None:
    """Destroy again what an older database has brought back: as its owner, before it is opened."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT retention_forget(s) FROM unnest(%s::uuid[]) AS s", [list(gone)])
        record("backup restored", actor=System(), subject_kind="system", subject_id="backup")
