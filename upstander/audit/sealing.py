"""Sealing: entries go into the tree in the order of their transactions, and its root is signed.

The order is that of (transaction, entry). A transaction's number is older than the snapshot's
oldest running one only if it is over, so whatever is sealed here has nothing left that could still
commit before it: none is skipped, and no writer waits. Only one worker seals at a time (``Head``).

The database can't sign, and it isn't believed either: the last checkpoint is kept in a file, and
nothing is signed that does not begin with the tree of that one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import connection, transaction

from upstander.audit.models import Checkpoint, Head, Tile
from upstander.audit.signing import Signer, read_checkpoint
from upstander.audit.tree import HASH, TALL, WIDE, edge, grow, load, root_of
from upstander.audit.verifier.tree import Wrong

#: Entries that are sealed in one transaction, under one checkpoint.
BATCH = 16_384

type Due = tuple[int, int, bytes]


class SealRefused(Exception):
    """What the database holds does not fit what was signed: nothing more is signed until somebody
    has looked (docs/how-to/verify-the-record.md). The message says what doesn't fit.
    """


def seal(signer: Signer, kept: Path, at: datetime, *, most: int = BATCH) -> int:
    """Seal what is finished and not yet sealed, up to ``most`` entries; return how many.

    ``kept`` is the file of the last checkpoint, ``at`` this machine's time (aware), which is
    signed: the database's owner can set the database's. Also signs the night's checkpoint, once a
    day. Raises SealRefused.
    """
    with transaction.atomic(durable=True):
        head = Head.objects.select_for_update(skip_locked=True).first()
        if head is None:
            return 0
        _refuse_a_new_count(head)
        _refuse_another_past(head, signer, kept)
        due = _due(head, most)
        night = _nightly(at)
        if not due and (head.size == 0 or night is None):
            return 0
        note = _append(head, due, signer, at)
        if due:
            head.xid, head.entry = due[-1][1], due[-1][0]
        head.save(update_fields=["size", "xid", "entry"])
        Checkpoint.objects.create(at=at, size=head.size, note=note, day=night)
    keep(kept, note)
    return len(due)


def begin_anew(signer: Signer, kept: Path, at: datetime) -> int:
    """Seal all that a restored database holds, and count transactions from its server's on.

    As the database's owner, with both sites and the worker stopped: writers are locked out. After
    a restore the server's transaction numbers have begun again, and what comes next would seem to
    lie before what was sealed. Returns how many entries were sealed. Raises SealRefused.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_entry, audit_rowseal IN SHARE ROW EXCLUSIVE MODE")
            head = Head.objects.select_for_update().get()
            _refuse_another_past(head, signer, kept)
            cursor.execute(
                "SELECT l.id, l.xid, l.leaf FROM (SELECT id, xid, leaf FROM audit_entry UNION ALL"
                " SELECT id, xid, audit_seal_leaf(s) FROM audit_rowseal s) l WHERE NOT EXISTS"
                " (SELECT 1 FROM (SELECT unnest(entries) AS id FROM audit_tile WHERE level = 0) t"
                " WHERE t.id = l.id) ORDER BY l.xid, l.id"
            )
            due = [(entry, xid, bytes(leaf)) for entry, xid, leaf in cursor.fetchall()]
            cursor.execute(
                "SELECT greatest((SELECT max(id) FROM audit_entry),"
                " (SELECT max(id) FROM audit_rowseal), 0)"
            )
            (newest,) = cursor.fetchone() or (0,)
        note = _append(head, due, signer, at)
        head.xid, head.entry, head.above = 0, 0, max(head.above, newest)
        head.save()
        Checkpoint.objects.create(at=at, size=head.size, note=note)
    keep(kept, note)
    return len(due)


def keep(file: Path, note: str) -> None:
    """Put the last checkpoint into its file, whole or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".part")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(note)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)


def _refuse_a_new_count(head: Head) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (next_number,) = cursor.fetchone() or (0,)
    if head.xid >= next_number:
        raise SealRefused(
            "the database's transaction numbers have begun again: it was restored. With everything "
            "stopped, run `upstander audit begin-anew`."
        )


def _refuse_another_past(head: Head, signer: Signer, kept: Path) -> None:
    """Raise SealRefused unless the database's tree begins with the one that was last signed."""
    if kept.exists():
        note = kept.read_text("utf-8")
    else:
        note = Checkpoint.objects.order_by("-id").values_list("note", flat=True).first() or ""
    if not note:
        return
    try:
        last = read_checkpoint(note, signer.key)
    except Wrong as wrong:
        raise SealRefused(f"the last checkpoint: {wrong}") from wrong
    if head.size < last.size:
        raise SealRefused(
            f"{last.size} entries were sealed by {last.when}, the database now knows of "
            f"{head.size}: sealed entries were taken away"
        )
    try:
        root = root_of(last.size)
    except (KeyError, IndexError) as error:
        raise SealRefused(f"tiles of the {last.size} sealed entries are missing") from error
    if root != last.root:
        raise SealRefused(f"the {last.size} entries sealed by {last.when} are not those of then")


def _due(head: Head, most: int) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, xid, leaf FROM api.record_due(p_xid => %s, p_entry => %s, p_above => %s, "
            "p_most => %s)",
            [head.xid, head.entry, head.above, most],
        )
        return [(entry, xid, bytes(leaf)) for entry, xid, leaf in cursor.fetchall()]


def _nightly(at: datetime) -> date | None:
    """Return the day whose nightly checkpoint is still to be signed."""
    day = at.astimezone(UTC).date()
    return None if Checkpoint.objects.filter(day=day).exists() else day


def _append(head: Head, due: Sequence[Due], signer: Signer, at: datetime) -> str:
    """Add leaves to the tree, move ``head`` on, and return the signed checkpoint."""
    size = head.size
    tiles = dict(load(edge(size)))
    for level, number in edge(size):
        if len(tiles.get((level, number), b"")) != (size >> level * TALL) % WIDE * HASH:
            raise SealRefused(f"tile {level}/{number} is not as it was left")
    changed = grow(size, [leaf for _, _, leaf in due], tiles)
    _write(changed, [entry for entry, _, _ in due], size)
    head.size = size + len(due)
    root = root_of(head.size, lambda wanted: {**load(wanted - changed.keys()), **changed})
    return signer.sign(head.size, root, int(at.timestamp()))


def _write(changed: dict[tuple[int, int], bytes], entries: Sequence[int], size: int) -> None:
    numbers = [number for level, number in changed if level == 0]
    before = dict(
        Tile.objects.filter(level=0, number__in=numbers[:1]).values_list("number", "entries")
    )
    rows: list[Tile] = []
    for (level, number), hashes in changed.items():
        tile = Tile(level=level, number=number, hashes=hashes)
        if level == 0:
            start = max(size, number * WIDE)
            tile.entries = before.get(number, []) + list(
                entries[start - size : (number + 1) * WIDE - size]
            )
            tile.first, tile.last = min(tile.entries), max(tile.entries)
        rows.append(tile)
    Tile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["level", "number"],
        update_fields=["hashes", "entries", "first", "last"],
    )
