"""The nightly renewal of the shred key file, in steps that a kill at any moment leaves whole.

    lay the next file into both places, read it back, tell the database → let it count
    → wrap the living by it → close the old one → wrap who came last → destroy it in both places

Each call does one bounded step, found from the files and the tables alone; whoever comes after a
kill goes on where it stopped, also when one of the two places is gone (``two_places``). No key is
lost: the old file stays until the database holds no row of it and takes in none, and a row that
doesn't open keeps it from being destroyed. Without a second place nothing is renewed.
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

from upstander.vault.errors import PlaceAway
from upstander.vault.models import ShredFile
from upstander.vault.shred import rewrap_shreds
from upstander.vault.shred_files import ShredFiles, TwoPlaces
from upstander.vault.two_places import (
    RENEWING,
    Known,
    adopt,
    bring_together,
    check,
    in_force,
    know_first,
    known_files,
    make_next,
    note_seen,
    wrapped_by,
)

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

#: The lock that vault_shredkey_of_open_file takes, shared, for each new row.
_WRITING: Final = 7300115100

log = logging.getLogger("upstander.vault")
_next: list[float] = [0.0]
#: The page at which the next piece begins.
_reached: list[int] = [0]


def sweep_shred_file() -> int:
    """Do the next step of the renewal, if any; returns how many rows it wrapped or files it moved.

    Run by the worker, which asks every second: most of the time this does nothing.
    """
    now = time.monotonic()
    if now < _next[0]:
        return 0
    # Should it fail (a file that was swapped), it says so once a minute and not each second.
    _next[0] = now + EVERY
    done = renew(settings.SHRED_PLACES)
    _next[0] = now if done else now + EVERY
    return done


def renew(places: TwoPlaces, *, pages: int = PAGES) -> int:
    """Do one step; 0: there is nothing to do now, or no second place to do it in.

    Raises FileSwapped, FileStale, KeyFileError, OSError: nothing is renewed by these folders.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s), api.clock_now()", [RENEWING])
        [(alone, now)] = cursor.fetchall()
        if not alone:
            return 0
        know_first(places.first)
        known = known_files()
        if adopt(places, known):
            return 1
        check(places, known)
        try:
            moved = bring_together(places, known, now)
        except PlaceAway as error:
            log.error("nothing is renewed, and nothing destroyed: %s", error)
            return 0
        if places.second is None:
            return moved
        note_seen(places, known, now)
        return moved or _step(places, known, now, pages)


def _step(places: TwoPlaces, known: Known, now: datetime, pages: int) -> int:
    """Do one step where both places hold what they must."""
    newest = in_force(known)
    older = sorted(version for version in places.found() if version < newest)
    if older:
        return (
            _wrap(places.first, older, newest, pages)
            or _close(known[newest], now)
            or _destroy(places, older)
        )
    if not _is_due(now, now - known[newest].made_at):
        return 0
    make_next(places, known)
    return 1


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
            "p_file => %s::int, p_mark => %b::bytea, p_subjects => %s::text[]::uuid[], "
            "p_wrapped => %b::bytea[])",
            [
                *span,
                newest,
                files.mark(newest),
                [subject for subject, _ in done],
                [blob for _, blob in done],
            ],
        )
    return len(done)


def _close(newest: ShredFile, now: datetime) -> int:
    """Close the older files for new rows; returns how many, 0: not yet, or done already."""
    if now - newest.made_at < GRACE:
        return 0
    with connection.cursor() as cursor:
        # Waits for whoever is storing a row now, for a moment.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])
    older = ShredFile.objects.filter(version__lt=newest.version, closed_at=None)
    return older.update(closed_at=now)


def _destroy(places: TwoPlaces, older: list[int]) -> int:
    """Destroy the closed files in both places if no row is theirs; returns how many."""
    closed = ShredFile.objects.filter(version__in=older, closed_at__isnull=False)
    versions = list(closed.values_list("version", flat=True))
    if not versions:
        return 0
    if left := wrapped_by(versions):
        log.error("%d shred keys do not open: the old key file stays until they do", left)
        return 0
    for version in versions:
        for place in places.each():
            place.destroy(version)
    return len(versions)
