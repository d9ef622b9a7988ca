"""The shred key files in two places: losing either of them loses nobody's words.

A new file counts only once it lies in both, read back (``clock``). Both hold the same: what one
lacks is copied from the other, what is destroyed is destroyed in both. Which file is the right one
the database says, by its mark: a folder with another one, or without the one in force, renews
nothing.

A place that holds no file of ours is *away*: its disk may not be mounted, and what was written into
the empty folder then would lie on the first disk. So it is filled only by `upstander second-place`,
which somebody runs who has looked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from .errors import FileStale, FileSwapped, KeyMissing, PlaceAway
from .keyring import KEY_BYTES
from .models import ShredFile
from .shred_files import ShredFiles, TwoPlaces, mark_of

#: One writes to the places at a time, in all processes of all machines.
RENEWING: Final = 7300115101
#: That both places hold the files is written down again when the last time is so long ago.
SEEN_AGAIN: Final = timedelta(minutes=1)

#: Version → its row.
type Known = Mapping[int, ShredFile]


def known_files() -> Known:
    """Return the files that the database knows."""
    return {row.version: row for row in ShredFile.objects.order_by("version")}


def in_force(known: Known) -> int:
    """Return the version that new shred keys are wrapped by."""
    return max(version for version, row in known.items() if row.closed_at is None)


def know_first(first: ShredFiles) -> None:
    """Tell the database of the first file of all; it takes in nothing before. Raises KeyFileError.

    That one may lie in one place: there is nothing yet that could be lost with it.
    """
    if not ShredFile.objects.exists():
        version = first.versions()[0]
        know(version, first.mark(version), follows=None)


def know(version: int, mark: bytes, *, follows: bytes | None) -> None:
    """Tell the database of a file that lies where it must; ``follows``: the mark of the one before.

    The database refuses (django's IntegrityError) what doesn't follow the one in force.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.know_shred_file(p_version => %s::int, p_mark => %s, p_follows => %s)",
            [version, mark, follows],
        )


def check(places: TwoPlaces, known: Known) -> None:
    """See that each file is the one that the database knows. Raises FileSwapped."""
    for place in places.each():
        for version, key in place.found().items():
            row = known.get(version)
            if row is None:
                raise FileSwapped(
                    f"{place.folder / str(version)} is not known to this database: another "
                    "installation made it, or this database was brought back from an older backup. "
                    "Move it away (docs/how-to/retention.md)."
                )
            if bytes(row.mark) != mark_of(key):
                raise FileSwapped(
                    f"{place.folder / str(version)} is not the file that was in force. Restore it "
                    "from the other place or from the backup of the shred keys."
                )


def adopt(places: TwoPlaces, known: Known) -> int:
    """Tell the database of the next file if it counts already and the database has lost that.

    So it is when a standby took over that had not heard of it yet. What makes it count is the same:
    it follows the one in force, which is here too, and lies in two places. 1: done; 0: nothing to
    do, or not allowed.
    """
    newest = max(known)
    before, after = bytes(known[newest].mark), newest + 1
    keys = {place.found()[after] for place in places.each() if after in place.found()}
    beside = places.first.found().get(newest)
    if (
        places.second is None
        or one_place(places)
        or len(keys) != 1
        or beside is None
        or mark_of(beside) != before
    ):
        return 0
    if not is_ours(places.second, known):
        return 0
    [key] = keys
    for place in places.each():
        if after not in place.found():
            place.put(after, key)
    know(after, mark_of(key), follows=before)
    return 1


def one_place(places: TwoPlaces) -> bool:
    """Whether the two are one folder, by whatever path, or one lies in the other.

    Losing it would lose both. Two folders of one disk are two places here; the doctor tells of
    those.
    """
    if places.second is None:
        return False
    first, second = (place.folder.resolve() for place in (places.first, places.second))
    try:
        same = first.samefile(second)
    except OSError:  # one of them is not there
        same = first == second
    return same or first in second.parents or second in first.parents


def is_ours(place: ShredFiles, known: Known) -> bool:
    """Whether a place is there: it holds a file that the database knows."""
    found = {**place.announced(), **place.found()}
    return any(v in known and bytes(known[v].mark) == mark_of(key) for v, key in found.items())


def bring_together(places: TwoPlaces, known: Known, now: datetime, *, fill: bool = False) -> int:
    """Let both places hold each file that something may be wrapped by; returns how many moved.

    ``fill``: also where none of ours lies yet. Raises FileStale: the file in force is in neither
    place, or the first holds none of ours; PlaceAway; FileSwapped, KeyFileError, OSError.
    """
    if places.second is not None and one_place(places):
        raise PlaceAway(
            f"{places.second.folder} and {places.first.folder} are one place: losing it would lose "
            "every word. Name a folder on another disk or machine as the second."
        )
    moved = sum(place.clear_drafts() for place in places.each())
    if not fill and not is_ours(places.first, known):
        # Raises the plain words of an empty folder, if it is one.
        places.first.versions()
    if places.second is not None and not fill and not is_ours(places.second, known):
        raise PlaceAway(
            f"{places.second.folder} holds none of the shred key files: mount it, or, if it is new "
            "or was lost, run `upstander second-place`."
        )
    for version in _wanted(places, known):
        moved += _into_both(places, known, version, now)
    for place in places.each():
        for version in place.announced():
            if version not in known:
                place.withdraw(version)
                moved += 1
    return moved


def _wanted(places: TwoPlaces, known: Known) -> list[int]:
    """Return the versions that something is, or may yet be, wrapped by."""
    closed = [v for v in places.found() if v in known and known[v].closed_at is not None]
    return sorted(
        [v for v, row in known.items() if row.closed_at is None]
        + [v for v in closed if wrapped_by([v])]
    )


def wrapped_by(versions: list[int]) -> int:
    """Return how many shred keys are wrapped by these files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.shred_keys_of(%s)", [versions])
        [(count,)] = cursor.fetchall()
    return int(count)


def _into_both(places: TwoPlaces, known: Known, version: int, now: datetime) -> int:
    mark, moved = bytes(known[version].mark), 0
    lying = [{**place.announced(), **place.found()}.get(version) for place in places.each()]
    key = next((one for one in lying if one is not None and mark_of(one) == mark), None)
    if key is None:
        if version != in_force(known):
            return 0  # lost; the doctor counts the keys that it wraps
        raise FileStale(
            f"{places.first.folder} does not hold the shred key file {version}, which is in force, "
            "and no second place has it. This folder is an old one or another machine's: nothing "
            "is taken in or renewed by it. Bring the file back from the newest copy."
        )
    for place in places.each():
        if version in place.found():
            continue
        waiting = place.announced().get(version)
        if waiting is not None and mark_of(waiting) == mark:
            place.take_up(version)
        else:
            place.put(version, key)
        if place is places.first and version == in_force(known):
            # From now on it wraps: whoever read the older one just before has some minutes.
            ShredFile.objects.filter(pk=version).update(made_at=now)
        moved += 1
    return moved


def note_seen(places: TwoPlaces, known: Known, now: datetime) -> None:
    """Write down that both places hold the files, if they do."""
    if places.second is None:
        return
    both = places.first.found().keys() & places.second.found().keys() & known.keys()
    late = Q(twice_at=None) | Q(twice_at__lt=now - SEEN_AGAIN)
    ShredFile.objects.filter(late, pk__in=both, closed_at=None).update(twice_at=now)


def make_next(places: TwoPlaces, known: Known) -> None:
    """Lay the next file into both places, read it back, and tell the database of it.

    It counts once the transaction is over: the next step takes it up. Raises KeyFileError, OSError.
    """
    newest = max(known)
    key = secrets.token_bytes(KEY_BYTES)
    for place in places.each():
        place.announce(newest + 1, key)
    for place in places.each():
        if place.announced().get(newest + 1) != key:
            raise KeyMissing(f"{place.folder} does not give back what was written there.")
    know(newest + 1, mark_of(key), follows=bytes(known[newest].mark))


def settle(places: TwoPlaces) -> list[int]:
    """Fill either place from the other, whichever is empty; returns the versions that both hold.

    For whoever has looked that both folders are the right ones. Raises KeyFileError, OSError.
    """
    places.first.folder.mkdir(mode=0o700, exist_ok=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s), api.clock_now()", [RENEWING])
        [(_, now)] = cursor.fetchall()
        know_first(places.first)
        known = known_files()
        if not adopt(places, known):
            check(places, known)
        known = known_files()
        bring_together(places, known, now, fill=True)
        note_seen(places, known, now)
    return sorted(places.found())


def drop_unknown(first: ShredFiles) -> None:
    """Destroy the files that a restored database knows nothing of: nothing in it needs them."""
    known = known_files()
    if known:
        for version in first.found().keys() - known.keys():
            first.destroy(version)
