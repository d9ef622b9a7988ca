"""A file that proves that a report was sent: kept byte for byte, and its hash said in the record.

A receipt that was cleaned would be no proof any more; so it is kept as it came, and only ever
saved, never shown: nothing in it runs under the desk's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.http import Http404

from upstander.cleaning.names import safe_name
from upstander.mandated.models import Duty
from upstander.mandated.words import pack, unpack
from upstander.mandated.written.models import Evidence
from upstander.matters.folders import OpenFolder
from upstander.tips.storage import open_file, put_file

#: Bytes of one file: a scanned fax, a screenshot.
MOST_BYTES: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as it was sent to the desk."""

    name: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 in hex, as ``sha256sum`` says it."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept, as lists show it."""

    id: UUID
    name: str
    size: int
    digest: str
    at: datetime


def store_proof(folder: OpenFolder, proof: Proof) -> UUID:
    """Encrypt and store a file under the folder's seed, durably; its row comes after.

    Raises NotStored. A crash in between leaves an encrypted file that belongs to nothing.
    """
    file_id = uuid4()
    put_file(folder.seed, file_id, [proof.content], len(proof.content))
    return file_id


def keep_proof(folder: OpenFolder, duty: Duty, file_id: UUID, proof: Proof, now: datetime) -> None:
    """Add the row of a stored file; call inside ``viewing`` of whose duty it is."""
    about = {
        "name": safe_name(proof.name, None),
        "size": str(len(proof.content)),
        "sha256": proof.digest,
    }
    Evidence.objects.bulk_create(
        [
            Evidence(
                id=file_id,
                duty_id=duty.pk,
                district_id=duty.district_id,
                person_id=folder.viewer.person_id,
                at=now,
                sealed=folder.seal("evidence", file_id, pack(about)),
            )
        ]
    )


def proofs_of(folder: OpenFolder, duty_id: UUID) -> list[Kept]:
    """Return the files of a duty, oldest first; call inside ``viewing``."""
    return [
        _kept(folder, row) for row in Evidence.objects.filter(duty_id=duty_id).order_by("at", "pk")
    ]


def proof_for(folder: OpenFolder, duty_id: UUID, file_id: UUID) -> tuple[Kept, Iterator[bytes]]:
    """Return one file with its bytes; call inside ``viewing``. Raises Http404, FileMissing."""
    row = Evidence.objects.filter(pk=file_id, duty_id=duty_id).first()
    if row is None:
        raise Http404
    return _kept(folder, row), open_file(folder.seed, file_id)


def _kept(folder: OpenFolder, row: Evidence) -> Kept:
    about = unpack(folder.read("evidence", row.pk, row.sealed))
    return Kept(row.pk, about["name"], int(about["size"]), about["sha256"], row.at)
