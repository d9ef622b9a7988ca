"""The files that wrap the shred keys: one is in force, and one follows it every night.

Files are named by their version (``keys/shred/7``). Only during a renewal are there two: the newest
wraps from the moment it appears, the older one still opens what was not re-wrapped yet. Before it
counts it lies there as ``8.next``, by which nobody wraps. Processes look each time whether the
folder has changed, so that none needs a restart. The renewal itself is in ``clock``, and that all
of it lies in a second folder as well in ``two_places``.
"""

from __future__ import annotations

import hmac
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from .errors import Forgotten, KeyDamaged, KeyMissing
from .keyring import KEY_BYTES, create_key_file, read_key_file
from .shred import unwrap_shred, wrap_shred

#: A folder that changed less than this many nanoseconds ago may change again unnoticed: file
#: systems keep its time in steps.
_STEP: Final = 1_000_000_000
#: The end of the name of a file that does not count yet.
_NEXT: Final = ".next"


class Wrapped(NamedTuple):
    """A shred key as it is stored, and by which file it was wrapped."""

    version: int
    blob: bytes
    #: Which file of that number: the database compares it with the one that it knows.
    mark: bytes


class _Held(NamedTuple):
    key: bytes
    mark: bytes


def mark_of(key: bytes) -> bytes:
    """Return what tells one file's key from another's and nothing of it (16 bytes)."""
    return hmac.digest(key, b"upstander/1/shred file", "sha256")[:16]


class ShredFiles:
    """The shred key files in one folder, as they are now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: The folder's time of change when it was last read, and what was in it.
        self._seen: tuple[int, dict[int, _Held]] = (0, {})

    def wrap(self, shred_key: bytes, *, subject: UUID) -> Wrapped:
        """Wrap a shred key by the file in force. Raises KeyFileError."""
        held = self._held()
        version = max(held)
        key, mark = held[version]
        return Wrapped(version, wrap_shred(shred_key, subject=subject, file_key=key), mark)

    def unwrap(self, blob: bytes, *, subject: UUID, version: int) -> bytes:
        """Return a shred key. Raises Forgotten: its file is gone; SealBroken, KeyFileError."""
        held = self._held().get(version)
        if held is None:
            raise Forgotten(f"the shred key file {version} is not in {self.folder}")
        return unwrap_shred(blob, subject=subject, file_key=held.key)

    def versions(self) -> list[int]:
        """Return the versions there are, oldest first. Raises KeyFileError."""
        return sorted(self._held())

    def key(self, version: int) -> bytes:
        """Return one file's key. Raises KeyError when there is no such file."""
        return self._held()[version].key

    def mark(self, version: int) -> bytes:
        """Return one file's mark (``mark_of``). Raises KeyError when there is no such file."""
        return self._held()[version].mark

    def found(self) -> dict[int, bytes]:
        """Return version → key of what counts; empty where there is none, or no such folder.

        Raises KeyFileError: a file is damaged, or others can reach it.
        """
        try:
            return {version: held.key for version, held in self._held().items()}
        except KeyMissing:
            return {}

    def announced(self) -> dict[int, bytes]:
        """Return version → key of what lies there and doesn't count yet. Raises KeyFileError.

        One that is not whole is left out: it never counted.
        """
        found = {}
        for file in self._files():
            version = file.name.removesuffix(_NEXT)
            if file.name.endswith(_NEXT) and version.isdecimal():
                try:
                    found[int(version)] = read_key_file(file, group=bool(self._group()))
                except (KeyDamaged, KeyMissing):
                    continue
        return found

    def make(self, version: int) -> None:
        """Make the file of a version, whole and on the disk, unless it is there already."""
        create_key_file(
            self.folder / str(version), secrets.token_bytes(KEY_BYTES), mode=0o600 | self._group()
        )

    def announce(self, version: int, key: bytes) -> None:
        """Lay a file there that doesn't count yet, and read it back. Raises KeyFileError, OSError.

        What was announced before under this number counted for nothing and is replaced.
        """
        self._write(f"{version}{_NEXT}", key)

    def put(self, version: int, key: bytes) -> None:
        """Lay a file there that counts elsewhere, and read it back. Raises KeyFileError, OSError.

        Call with the renewal's lock held, and only where there is none of this number.
        """
        self._write(str(version), key)

    def take_up(self, version: int) -> None:
        """Let an announced file count. Raises OSError."""
        os.rename(self.folder / f"{version}{_NEXT}", self.folder / str(version))
        self._sync()

    def withdraw(self, version: int) -> None:
        """Destroy a file that was announced and never counted."""
        self._destroy(self.folder / f"{version}{_NEXT}")

    def destroy(self, version: int) -> None:
        """Overwrite and remove a file; one that is not there is no error.

        A disk that writes elsewhere (SSD, copy on write) may keep the old bytes for a while: full
        disk encryption is what makes an overwritten key unreadable there.
        """
        self._destroy(self.folder / str(version))

    def clear_drafts(self) -> int:
        """Destroy what a killed process had begun to write or destroy; returns how many.

        With the renewal's lock held. Such a file may hold a whole key, and would outlive it.
        """
        drafts = [
            file
            for file in self._files()
            if file.name.startswith(".") and file.name[1:].split(".", 1)[0].isdecimal()
        ]
        for draft in drafts:
            self._destroy(draft)
        return len(drafts)

    def _write(self, name: str, key: bytes) -> None:
        file, mode = self.folder / name, 0o600 | self._group()
        # A first name of its own, without a link: not every file system of a mounted machine links.
        draft = self.folder / f".{name}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                os.fchmod(descriptor, mode)  # whatever the umask says of the group
                handle.write(key)
                handle.flush()
                os.fsync(handle.fileno())
            os.rename(draft, file)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self._sync()
        # From the disk and not from what the kernel remembers of the writing, where it lets us.
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
        if read_key_file(file, group=bool(mode & 0o040)) != key:
            raise KeyDamaged(f"{file} is not what was written: look at the disk it lies on.")

    def _destroy(self, file: Path) -> None:
        if not file.name.startswith("."):
            # A name of none first: whoever is killed here leaves no file of other bytes behind,
            # which would look as if somebody had swapped it.
            doomed = self.folder / f".{file.name}.{secrets.token_hex(8)}"
            try:
                os.rename(file, doomed)
            except FileNotFoundError:
                return
            self._sync()
            file = doomed
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        file.unlink(missing_ok=True)
        self._sync()

    def _sync(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _files(self) -> Iterator[Path]:
        try:
            yield from list(self.folder.iterdir())
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unreadable(error) from error

    def _held(self) -> dict[int, _Held]:
        try:
            changed = self.folder.stat().st_mtime_ns
            if changed != self._seen[0]:
                found = self._read()
                # What changed just now is read again the next time.
                settled = time.time_ns() - changed > _STEP
                self._seen = (changed if settled else 0, found)
        except FileNotFoundError:
            self._seen = (0, {})
        except OSError as error:
            # A mounted folder that has gone away, say: whoever asked is told so, in our words.
            raise self._unreadable(error) from error
        held = self._seen[1]
        if not held:
            raise KeyMissing(
                f"{self.folder} holds no shred key file. On a new installation run "
                "`upstander init`; otherwise `upstander second-place` brings it back from the "
                "second place, or restore it from the backup of the shred keys."
            )
        return held

    def _unreadable(self, error: OSError) -> KeyMissing:
        return KeyMissing(
            f"{self.folder} cannot be read ({error.strerror}). Mount it, or give it to the account "
            "that runs this process."
        )

    def _read(self) -> dict[int, _Held]:
        group = bool(self._group())
        found = {}
        for file in self.folder.iterdir():
            if file.name.isdecimal():
                try:
                    key = read_key_file(file, group=group)
                except KeyMissing:
                    if file.exists():
                        raise
                    # Destroyed as it was being read.
                    continue
                found[int(file.name)] = _Held(key, mark_of(key))
        return found

    def _group(self) -> int:
        """Files are their group's to read where the folder is: accounts of several processes."""
        return self.folder.stat().st_mode & 0o040


@dataclass(frozen=True, slots=True)
class TwoPlaces:
    """The folder that processes read, and the one that is there should it be lost."""

    first: ShredFiles
    #: None: nobody has set one.
    second: ShredFiles | None = None

    def each(self) -> Iterator[ShredFiles]:
        """Give the places, the second before the one by which tips are taken in."""
        if self.second is not None:
            yield self.second
        yield self.first

    def found(self) -> set[int]:
        """Return the versions that lie in either place."""
        return {version for place in self.each() for version in place.found()}
