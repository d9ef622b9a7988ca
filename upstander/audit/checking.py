"""The whole record checked where it lies, by the database's owner: `upstander audit verify`.

What the verifier finds from an export is found here too, and more can be named: beside the sealed
hashes stand the entries themselves, so an entry that is gone, was changed or came by the back door
is called by its number, and of a changed one what was changed. Whether the rows of other tables
are as they were sealed, `rows` says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from upstander.audit.models import Checkpoint, Entry, Head, Tile
from upstander.audit.queries import columns_of, leaf_of
from upstander.audit.rows import leaves_of_rows
from upstander.audit.signing import read_checkpoint
from upstander.audit.tree import HASH, TALL, WIDE, fold
from upstander.audit.verifier.checkpoints import Checkpoint as Signed
from upstander.audit.verifier.checkpoints import Key
from upstander.audit.verifier.tree import Wrong
from upstander.audit.verifier.whole import LATE, Finding, Sealed, check_record

type Kept = tuple[str, str]


def check_database(key: Key, kept: Iterable[Kept], now: datetime) -> Iterator[Finding]:
    """Name all that is not as it was sealed; as the database's owner, in one snapshot.

    ``kept`` are names and texts of checkpoints from outside the database: what its owner can't
    have rewritten. ``now`` is aware.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        head = Head.objects.get()
        signed, found = _checkpoints(key, kept)
        yield from found
        own: list[Finding] = []
        walk = _Walk(own)
        for finding in check_record(walk.leaves(), signed):
            yield from own
            own.clear()
            yield finding
        yield from own
        yield from walk.upper_tiles()
        if walk.size != head.size or walk.size > max((one.size for one in signed), default=0):
            says = f"{walk.size} entries lie in the tree, {head.size} were sealed and signed for"
            yield Finding("unsigned", None, says)
        yield from _never_sealed(head, now)


def _checkpoints(key: Key, kept: Iterable[Kept]) -> tuple[list[Signed], list[Finding]]:
    signed: list[Signed] = []
    found: list[Finding] = []
    stored = (
        (f"checkpoint {pk} of the database", note)
        for pk, note in Checkpoint.objects.order_by("id").values_list("pk", "note").iterator()
    )
    for name, note in (*stored, *kept):
        try:
            signed.append(read_checkpoint(note, key))
        except Wrong as wrong:
            found.append(Finding("forged", None, f"{name}: {wrong}"))
    return signed, found


class _Walk:
    """The leaves as they lie in the tiles, each held against its entry as it stands now."""

    def __init__(self, found: list[Finding]) -> None:
        self.found = found
        self.size = 0
        self._roots: list[bytes] = []

    def leaves(self) -> Iterator[Sealed]:
        """Give each place of the tree in order; what is wrong with its entry goes to ``found``."""
        for tile in Tile.objects.filter(level=0).order_by("number").iterator(chunk_size=64):
            hashes = bytes(tile.hashes)
            if len(hashes) == WIDE * HASH:
                self._roots.append(fold(hashes))
            stands = Entry.objects.in_bulk(tile.entries)
            rows = leaves_of_rows(one for one in tile.entries if one not in stands)
            for offset, number in enumerate(tile.entries):
                place = tile.number * WIDE + offset
                leaf = hashes[offset * HASH : (offset + 1) * HASH]
                self.size += 1
                if number in rows:
                    yield self._row(place, number, leaf, rows[number])
                else:
                    yield self._held_against(place, number, leaf, stands.get(number))

    def _row(self, place: int, number: int, leaf: bytes, now: bytes) -> Sealed:
        if now != leaf:
            says = f"entry {number} (place {place}), a row's digest, is not the one that was sealed"
            self.found.append(Finding("changed", number, says))
        return Sealed(place, number, leaf)

    def _held_against(self, place: int, number: int, leaf: bytes, entry: Entry | None) -> Sealed:
        if entry is None:
            says = f"entry {number} (place {place}) was sealed and is gone"
            self.found.append(Finding("deleted", number, says))
            return Sealed(place, number, leaf)
        if leaf_of(entry.canonical) != leaf:
            says = f"entry {number} (place {place}): its text is not the one that was sealed"
            self.found.append(Finding("changed", number, says))
            return Sealed(place, number, leaf)
        wrong = [
            f"{name} is {now!r}, was sealed as {then!r}"
            for name, (now, then) in _differences(entry).items()
        ]
        if bytes(entry.leaf) != leaf:
            wrong.append("its hash is another")
        if wrong:
            says = f"entry {number} (place {place}): {'; '.join(wrong)}"
            self.found.append(Finding("changed", number, says))
        return Sealed(place, number, leaf, entry.canonical)

    def upper_tiles(self) -> Iterator[Finding]:
        """Name tiles above the leaves that don't follow from those below: proofs fail with them."""
        level, roots = 1, self._roots
        tiles = {
            (level, number): bytes(hashes)
            for level, number, hashes in Tile.objects.filter(level__gt=0).values_list(
                "level", "number", "hashes"
            )
        }
        while roots:
            full: list[bytes] = []
            for start in range(0, len(roots), WIDE):
                wanted = b"".join(roots[start : start + WIDE])
                if tiles.pop((level, start >> TALL), b"") != wanted:
                    says = f"tile {level}/{start >> TALL} does not follow from those below it"
                    yield Finding("changed", None, says)
                if len(wanted) == WIDE * HASH:
                    full.append(fold(wanted))
            level, roots = level + 1, full
        for level, number in tiles:
            yield Finding("inserted", None, f"tile {level}/{number} stands over nothing")


def _differences(entry: Entry) -> dict[str, tuple[object, object]]:
    """Return which columns say something else than the sealed text, and both."""
    try:
        said = json.loads(entry.canonical)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return {"canonical": (entry.canonical, "an entry")}
    columns = columns_of(entry)
    return {
        name: (columns.get(name), said.get(name))
        for name in sorted({*columns, *said} - {"blind"})
        if columns.get(name) != said.get(name)
    }


def _never_sealed(head: Head, now: datetime) -> Iterator[Finding]:
    """Name entries that stand in the record, but not in the tree, though they had to be by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, count(*) FROM (SELECT unnest(entries) AS id FROM audit_tile"
            " WHERE level = 0) s GROUP BY id HAVING count(*) > 1 ORDER BY id"
        )
        for number, count in cursor.fetchall():
            yield Finding("inserted", number, f"entry {number} was sealed {count} times")
        # A row's digest has no time of its own; an entry of its transaction has.
        cursor.execute(
            "SELECT e.id, e.at, e.id <= %s OR (e.xid, e.id) <= (%s, %s) FROM"
            " (SELECT id, xid, at FROM audit_entry UNION ALL"
            " SELECT id, xid, NULL FROM audit_rowseal) e"
            " LEFT JOIN (SELECT unnest(entries) AS id FROM audit_tile WHERE level = 0) s"
            " USING (id) WHERE s.id IS NULL ORDER BY e.id",
            [head.above, head.xid, head.entry],
        )
        for number, at, passed in cursor.fetchall():
            if at is None:
                if passed:
                    says = f"entry {number}, a row's digest: what came after it was sealed without"
                    yield Finding("inserted", number, says)
                continue
            said = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            if passed:
                says = f"entry {number} says {said}; what was written then was sealed without it"
                yield Finding("inserted", number, says)
            elif at < now - timedelta(seconds=LATE):
                says = f"entry {number} of {said} still waits: is the worker running?"
                yield Finding("unsealed", number, says)
