"""What has gone, as the database knows it: to be written down apart, and to be replayed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from upstander.audit.actions import record
from upstander.base.moment import database_now
from upstander.matters.protections import SetAgain, protections, set_again
from upstander.people.scope import System
from upstander.retention.copies import Listed, write_list
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


def write_down(folder: Path) -> None:
    """Write the list anew in the folder of the keys. Raises OSError: it is not there."""
    write_list(folder, recent(), protections(database_now() - REPLAYED))


def replay(listed: Listed | None, made: str) -> SetAgain:
    """Do again what an older database has undone: as its owner, before it is opened.

    None: nobody has the list. ``made`` is when the backup was; both stand in the record.
    """
    gone, lines = (listed.gone, listed.protections) if listed else ([], [])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT retention_forget(s) FROM unnest(%s::uuid[]) AS s", [gone])
        done = set_again(lines)
        detail = asdict(done) | {
            "made": made,
            "list": listed.written.isoformat() if listed else "none",
            "refused": len(done.refused),
        }
        record(
            "backup restored",
            actor=System(),
            subject_kind="system",
            subject_id="backup",
            detail=detail,
        )
    return done
