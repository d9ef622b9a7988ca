"""The nightly renewal of the shred key file, in steps that a kill at any moment leaves whole.

    make the next file → wrap the living by it → close the old one → wrap who came last → destroy it

Each call does one bounded step, found from the files and the tables alone; whoever comes after a
kill goes on where it stopped. No key is lost: the old file stays until the database holds no row of
it and takes in none, and a row that doesn't open keeps it from being destroyed.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.db import connection, transaction

from upstander.vault.models import ShredFile
from upstander.vault.shred import rewrap_shreds
from upstander.vault.shred_files import ShredFiles

#: Pages of the table gone through in one go: some 20,000 rows, some tenths of a second.
PAGES: Final = 300
#: How long the old file stays after the next one has appeared: whoever read it just before has
#: stored what it wrapped by then, and every machine sees a shared folder's new file.
GRACE: Final = timedelta(minutes=10)
#: A file is renewed at night, by the center's clock, once it is this old; at any hour if a night
#: was missed.
AGE: Final = timedelta(hours=20)
MISSED: Final = timedelta(hours=30)
NIGHT: Final = range(1, 6)
#: Seconds from one look to the next while there is nothing to do.
EVERY: Final = 60.0

#: One renews at a time; and the lock that migrations/0003 takes, shared, for each new row.
_RENEWING: Final = 7300115101
_WRITING: Final = 7300115100

log = logging.getLogger("upstander.vault")
_next: list[float] = [0.0]
#: The page at which the next piece begins.
_reached: list[int] = [0]


class FileSwapped(Exception):
    """A shred key file is not the one that was made: nothing is renewed before somebody looked."""


def sweep_shred_file() -> int:
    """Do the next step of the renewal, if any; returns how many rows it wrapped or files it moved.

    Run by the worker, which asks every second: most of the time this does nothing.
    """
    now = time.monotonic()
    if now < _next[0]:
        return 0
    # Should it fail (a file that was swapped), it says so once a minute and not each second.
    _next[0] = now + EVERY
    done = renew(settings.SHRED_FILES)
    _next[0] = now if done else now + EVERY
    return done


def renew(files: ShredFiles, *, pages: int = PAGES) -> int:
    """Do one step; 0: there is nothing to do now. Raises FileSwapped, KeyFileError."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s), api.clock_now()", [_RENEWING])
        [(alone, now)] = cursor.fetchall()
        if not alone:
            return 0
        *older, newest = files.versions()
        made_at = _known(files, newest, now)
        if older:
            return (
                _wrap(files, older, newest, pages)
                or _close(newest, now, made_at)
                or _destroy(files, older)
            )
        if not _is_due(now, now - made_at):
            return 0
        files.make(newest + 1)
        return 1


def _known(files: ShredFiles, newest: int, now: datetime) -> datetime:
    """Return when the newest file was made; a new one is written down first."""
    for version in files.versions():
        row, made = ShredFile.objects.get_or_create(
            version=version, defaults={"made_at": now, "mark": files.mark(version)}
        )
        if not made and bytes(row.mark) != files.mark(version):
            raise FileSwapped(
                f"{files.folder / str(version)} is not the file that was in force. Restore it from "
                "the backup of the shred keys."
            )
    return ShredFile.objects.get(version=newest).made_at


def _is_due(now: datetime, age: timedelta) -> bool:
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    return age >= MISSED or (age >= AGE and local.hour in NIGHT)


def _wrap(files: ShredFiles, older: list[int], newest: int, pages: int) -> int:
    """Wrap the next rows of any older file by the newest; returns how many, 0 after the last.

    Goes through the table as it lies on the disk, some pages at a time. A row whose file is gone is
    forgotten and passed over; so is one that does not open.
    """
    from_start = _reached[0] == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('vault_shredkey') / 8192")
        [(end,)] = cursor.fetchall()
    while True:
        while _reached[0] < end:
            first, _reached[0] = _reached[0], _reached[0] + pages
            if done := _wrap_pages(files, older, newest, (f"({first},0)", f"({_reached[0]},0)")):
                return done
        _reached[0] = 0
        if from_start:
            return 0
        # Once more from the start: what came in meanwhile.
        from_start = True


def _wrap_pages(files: ShredFiles, older: list[int], newest: int, span: tuple[str, str]) -> int:
    # Values go as they are, not as text of a statement: a million of them is what this is about.
    cursor = psycopg.Cursor(connection.connection)
    cursor.execute(
        "SELECT subject::text, wrapped, "
        "file_version FROM api.shred_keys_between(p_first => %s::tid, p_end => %s::tid, "
        "p_files => %s::int[])",
        [*span, older],
        binary=True,
    )
    rows: dict[int, list[tuple[str, bytes]]] = {}
    for subject, blob, version in cursor:
        rows.setdefault(version, []).append((subject, blob))
    done: list[tuple[str, bytes]] = []
    for version, of_file in rows.items():
        done += rewrap_shreds(of_file, old=files.key(version), new=files.key(newest))[0]
    if done:
        cursor.execute(
            "SELECT api.rewrap_shred_keys(p_first => %s::tid, p_end => %s::tid, "
            "p_file => %s::int, p_subjects => %s::text[]::uuid[], p_wrapped => %b::bytea[])",
            [*span, newest, [subject for subject, _ in done], [blob for _, blob in done]],
        )
    return len(done)


def _close(newest: int, now: datetime, made_at: datetime) -> int:
    """Close the older files for new rows; returns how many, 0: not yet, or done already."""
    if now - made_at < GRACE:
        return 0
    with connection.cursor() as cursor:
        # Waits for whoever is storing a row now, for a moment.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])
    return ShredFile.objects.filter(version__lt=newest, closed_at=None).update(closed_at=now)


def _destroy(files: ShredFiles, older: list[int]) -> int:
    """Destroy the closed files if no row is theirs; returns how many."""
    closed = ShredFile.objects.filter(version__in=older, closed_at__isnull=False)
    versions = list(closed.values_list("version", flat=True))
    if not versions:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.shred_keys_of(%s)", [versions])
        [(left,)] = cursor.fetchall()
    if left:
        log.error("%d shred keys do not open: the old key file stays until they do", left)
        return 0
    for version in versions:
        files.destroy(version)
    return len(versions)
