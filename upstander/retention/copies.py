"""The copies of the shred key file, and beside them the list of what has gone since.

They lie in a folder apart from the database's backups (``upstander backup`` is told where), and
none is older than 35 days. A restore takes a copy and the list: what was destroyed after the backup
is destroyed again before anybody can sign in, and who was kept out since is kept out again.
"""

from __future__ import annotations

import json
import os
import secrets
import tarfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

#: The file's name, beside the copies.
TOMBSTONES: Final = "upstander-gone.txt"
#: How a copy of the shred keys is called; `.part` follows where writing one was broken off.
COPIES: Final = "upstander-shred-keys-*.tar*"
#: A copy is destroyed a day before the 35 are over: the sweep may have missed a night.
KEPT: Final = timedelta(days=34)

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_HEAD = "# What was destroyed, and who is kept out: `upstander restore` sees to both again."


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list says, and when it was written."""

    written: datetime
    #: What was destroyed.
    gone: list[UUID]
    #: What keeps somebody out, a line each (matters/protections.py).
    protections: list[str]


def write_list(
    folder: Path, gone: Iterable[tuple[UUID, datetime]], protections: Iterable[str] = ()
) -> None:
    """Write the whole list anew, at once and durably. Raises OSError: the folder is not there."""
    file = folder / TOMBSTONES
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(f"{_HEAD}\nas of {datetime.now(UTC):{_TIME}}\n")
            for subject, at in gone:
                out.write(f"gone {subject} {at.astimezone(UTC):{_TIME}}\n")
            for line in protections:
                out.write(f"{line}\n")
            # The last line: a list that was cut off is not taken for a whole one.
            out.write("end\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_list(file: Path) -> Listed:
    """Return what the list says. Raises ValueError: it is cut off or not one; OSError."""
    lines = file.read_text("ascii").splitlines()
    if len(lines) < 3 or lines[0] != _HEAD or lines[-1] != "end":
        raise ValueError(f"{file} is not a whole list of what has gone")
    written = datetime.strptime(lines[1], f"as of {_TIME}").replace(tzinfo=UTC)
    gone = [line for line in lines[2:-1] if line.startswith("gone ")]
    others = [line for line in lines[2:-1] if not line.startswith("gone ")]
    return Listed(written, [UUID(line.split()[1]) for line in gone], others)


def made_at(copy: Path) -> datetime | None:
    """Return when a copy of the shred keys was made; None: it is none, or damaged."""
    try:
        with tarfile.open(copy, "r:") as tar:
            file = tar.extractfile("manifest.json")
            manifest = json.load(file) if file else {}
        return datetime.fromisoformat(manifest["made"])
    except (OSError, KeyError, ValueError, tarfile.TarError):
        return None


def expire_copies(folder: Path, now: float | None = None) -> int:
    """Overwrite and remove the copies that are too old; returns how many.

    One that can't be read counts by its file's time.
    """
    limit = datetime.fromtimestamp(now or time.time(), UTC) - KEPT
    removed = 0
    for copy in folder.glob(COPIES):
        made = made_at(copy) or datetime.fromtimestamp(copy.stat().st_mtime, UTC)
        if made <= limit:
            _destroy(copy)
            removed += 1
    return removed


def oldest_copy(folder: Path) -> float | None:
    """Return the age of the oldest copy in days, None: there is none."""
    ages = [
        datetime.now(UTC) - (made_at(copy) or datetime.fromtimestamp(copy.stat().st_mtime, UTC))
        for copy in folder.glob(COPIES)
    ]
    return max(ages).total_seconds() / 86400 if ages else None


def _destroy(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as out:
        out.write(secrets.token_bytes(size))
        out.flush()
        os.fsync(out.fileno())
    file.unlink()
