"""Proofs from the tree. Who may make them is the database's business; call inside ``viewing``.

The center and the administrators can prove any entry that they see. A place in the tree tells what
came before and after, and a checkpoint how much there was by which minute: so schools and districts
prove duties alone (their own, and those of the district that they lead), and against the night's
checkpoint (``api.record_place``, ``api.record_tiles``).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from upstander.audit.models import Checkpoint, Entry
from upstander.audit.tree import Node, Tiles, consistency_ranges, inclusion_ranges, load, proof_of
from upstander.audit.verifier.main import PROOF_HEADER


@dataclass(frozen=True, slots=True)
class Proof:
    """That one entry is in the tree of one checkpoint."""

    place: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    canonical: str

    @property
    def text(self) -> str:
        """The whole proof as one text, which the verifier checks alone (c2sp.org/tlog-proof)."""
        extra = base64.b64encode(self.canonical.encode()).decode()
        steps = "".join(base64.b64encode(step).decode() + "\n" for step in self.path)
        return f"{PROOF_HEADER}\nextra {extra}\nindex {self.place}\n{steps}\n{self.checkpoint.note}"


def latest(*, nightly: bool = False) -> Checkpoint | None:
    """Return the newest checkpoint (of a night); None before the first sealing."""
    query = Checkpoint.objects.order_by("-size", "-id")
    return (query.filter(day__isnull=False) if nightly else query).first()


def covering(place: int, *, nightly: bool = False) -> Checkpoint | None:
    """Return the first checkpoint (of a night) that seals a place; None if none does yet."""
    query = Checkpoint.objects.filter(size__gt=place).order_by("size", "id")
    return (query.filter(day__isnull=False) if nightly else query).first()


def place_of(entry: int) -> int | None:
    """Return where an entry stands in the tree; None while it is not sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.record_place(%s)", [entry])
        row = cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])


def prove(entry: Entry, *, nightly: bool = False) -> Proof | None:
    """Prove an entry, against the first checkpoint (of a night) that seals it.

    None while there is no such checkpoint, and for who may not prove this entry.
    """
    place = place_of(entry.pk)
    checkpoint = None if place is None else covering(place, nightly=nightly)
    if place is None or checkpoint is None:
        return None

    def read(wanted: set[Node]) -> Tiles:
        places = sorted(wanted)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT level, number, hashes FROM api.record_tiles(p_entry => %s, "
                "p_levels => %s::smallint[], p_numbers => %s)",
                [entry.pk, [level for level, _ in places], [number for _, number in places]],
            )
            return {(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}

    path = proof_of(inclusion_ranges(place, checkpoint.size), read)
    return Proof(place, tuple(path), checkpoint, entry.canonical)


def consistency(old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of ``size`` leaves begins with that of ``old`` (0 < old)."""
    return proof_of(consistency_ranges(old, size), load)


def as_lines(path: Sequence[bytes]) -> str:
    """Return a proof's hashes in base64, one a line."""
    return "".join(base64.b64encode(step).decode() + "\n" for step in path)
