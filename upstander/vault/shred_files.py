"""The files that wrap the shred keys: one is in force, and one follows it every night.

Files are named by their version (``keys/shred/7``). Only during a renewal are there two: the newest
wraps from the moment it appears, the older one still opens what was not re-wrapped yet. Processes
look each time whether the folder has changed, so that none needs a restart. The renewal itself is
in ``clock``.
"""

from __future__ import annotations

import hmac
import os
import secrets
import time
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from .errors import Forgotten, KeyMissing
from .keyring import KEY_BYTES, create_key_file, read_key_file
from .shred import unwrap_shred, wrap_shred

#: A folder that changed less than this many nanoseconds ago may change again unnoticed: file
#: systems keep its time in steps.
_STEP: Final = 1_000_000_000


class Wrapped(NamedTuple):
    """A shred key as it is stored, and by which file it was wrapped."""

    version: int
    blob: bytes


class ShredFiles:
    """The shred key files in one folder, as they are now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: The folder's time of change when it was last read, and what was in it.
        self._seen: tuple[int, dict[int, bytes]] = (0, {})

    def wrap(self, shred_key: bytes, *, subject: UUID) -> Wrapped:
        """Wrap a shred key by the file in force. Raises KeyFileError."""
        keys = self._keys()
        version = max(keys)
        blob = wrap_shred(shred_key, subject=subject, file_key=keys[version])
        return Wrapped(version, blob)

    def unwrap(self, blob: bytes, *, subject: UUID, version: int) -> bytes:
        """Return a shred key. Raises Forgotten: its file is gone; SealBroken, KeyFileError."""
        key = self._keys().get(version)
        if key is None:
            raise Forgotten(f"the shred key file {version} is not in {self.folder}")
        return unwrap_shred(blob, subject=subject, file_key=key)

    def versions(self) -> list[int]:
        """Return the versions there are, oldest first. Raises KeyFileError."""
        return sorted(self._keys())

    def key(self, version: int) -> bytes:
        """Return one file's key. Raises KeyError when there is no such file."""
        return self._keys()[version]

    def mark(self, version: int) -> bytes:
        """Return what tells one file's key from another's and nothing of it (16 bytes)."""
        return hmac.digest(self.key(version), b"upstander/1/shred file", "sha256")[:16]

    def make(self, version: int) -> None:
        """Make the file of a version, whole and on the disk, unless it is there already."""
        create_key_file(
            self.folder / str(version), secrets.token_bytes(KEY_BYTES), mode=0o600 | self._group()
        )

    def destroy(self, version: int) -> None:
        """Overwrite and remove a file; one that is not there is no error.

        A disk that writes elsewhere (SSD, copy on write) may keep the old bytes for a while: full
        disk encryption is what makes an overwritten key unreadable there.
        """
        file = self.folder / str(version)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        file.unlink(missing_ok=True)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _keys(self) -> dict[int, bytes]:
        try:
            changed = self.folder.stat().st_mtime_ns
            if changed != self._seen[0]:
                found = self._read()
                # What changed just now is read again the next time.
                settled = time.time_ns() - changed > _STEP
                self._seen = (changed if settled else 0, found)
        except FileNotFoundError:
            self._seen = (0, {})
        keys = self._seen[1]
        if not keys:
            raise KeyMissing(
                f"{self.folder} holds no shred key file. On a new installation run "
                "`upstander init`; otherwise restore it from the backup of the shred keys."
            )
        return keys

    def _read(self) -> dict[int, bytes]:
        group = bool(self._group())
        found = {}
        for file in self.folder.iterdir():
            if file.name.isdecimal():
                try:
                    found[int(file.name)] = read_key_file(file, group=group)
                except KeyMissing:
                    if file.exists():
                        raise
                    # Destroyed as it was being read.
        return found

    def _group(self) -> int:
        """Files are their group's to read where the folder is: accounts of several processes."""
        return self.folder.stat().st_mode & 0o040
