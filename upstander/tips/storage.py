"""Where the reporters' files lie: encrypted, each under a key of its dialog and a name that tells
nothing.

Django's ``default`` storage holds them: a folder (``DurableFolder``), which several machines may
share; why no object store, says docs/adr/0010. The name is the file's random id and nothing else.
Whether a viewer may open a file, and whether it is quarantined, is the caller's to check first.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from upstander.vault.envelopes import bind, derive
from upstander.vault.files import CHUNK, decrypt_chunks, encrypt_chunks, encrypted_size

_PARTIAL: Final = ".partial-"
_DAY: Final = 86_400
#: Room left for the database, which may share the disk: a tip's words must find it.
RESERVE_BYTES: Final = 1024 * 1024 * 1024


class FileMissing(Exception):
    """The encrypted file is not where it must be: lost, or never written."""


class NotStored(Exception):
    """The store has no room for the file or does not answer; nothing of it was kept."""


class DurableFolder(FileSystemStorage):
    """A folder whose files are whole and on the disk once they have their name.

    The group may read a file if it may read the folder: so the accounts of several processes share
    them. Nobody else ever may.
    """

    def _save(self, name: str, content: File[bytes]) -> str:
        """Write under another name, flush, then rename. Raises OSError; nothing stays then."""
        folder = Path(self.location)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = folder / f"{_PARTIAL}{secrets.token_hex(8)}"
        try:
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                os.fchmod(handle, 0o600 | (folder.stat().st_mode & stat.S_IRGRP))
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                # A file system keeps nanoseconds, which no row does: beside a firewall's log they
                # would say whose it is. The day does not.
                day = int(time.time()) // _DAY * _DAY
                os.utime(handle, (day, day))
                os.fsync(out.fileno())
            partial.rename(folder / name)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        # The name itself is on the disk only once its folder is.
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        return name

    def remove_leftovers(self, older_than: float = 24 * 3600) -> int:
        """Remove what a killed process left half written, after seconds; return how many files."""
        removed = 0
        for partial in Path(self.location).glob(f"{_PARTIAL}*"):
            if time.time() - partial.stat().st_mtime > older_than:
                partial.unlink(missing_ok=True)
                removed += 1
        return removed


class _Stream(File[bytes]):
    """An iterator of bytes as a file that any storage can read once, never whole in memory."""

    def __init__(self, chunks: Iterable[bytes], name: str, size: int) -> None:
        self._left = iter(chunks)
        self._rest = b""
        self.name = name
        self.size = size
        self.mode = "rb"

    @property
    def closed(self) -> bool:
        """Never: there is nothing to close."""
        return False

    def seekable(self) -> bool:
        """No: what was read is gone, and a store must not try to begin anew."""
        return False

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield what is left."""
        yield from self._left

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes, all that is left for -1."""
        if size < 0:
            return self._rest + b"".join(self._left)
        while len(self._rest) < size:
            chunk = next(self._left, None)
            if chunk is None:
                break
            self._rest += chunk
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def close(self) -> None:
        """Do nothing."""


def _key(seed: bytes, file_id: UUID) -> bytes:
    return derive(seed, f"file:{file_id}")


def put_file(seed: bytes, file_id: UUID, chunks: Iterable[bytes], size: int) -> None:
    """Encrypt and store ``size`` clear bytes under the dialog's seed; durable once it returns.

    Raises NotStored, with what happened as its cause: each store has errors of its own.
    """
    name = str(file_id)
    length = encrypted_size(size)
    if not _has_room_for(length):
        raise NotStored
    sealed = encrypt_chunks(_key(seed, file_id), chunks, aad=bind("file", file_id))
    try:
        default_storage.save(name, _Stream(sealed, name, length))
    except Exception as error:
        raise NotStored from error


def _has_room_for(length: int) -> bool:
    location = getattr(default_storage, "location", None)
    if not isinstance(default_storage, FileSystemStorage) or not location:
        return True  # an object store says itself when it is full
    folder = Path(location)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free > RESERVE_BYTES + length


def open_file(seed: bytes, file_id: UUID, *, start: int = 0) -> Iterator[bytes]:
    """Yield a file's clear bytes from ``start`` on; it is whole only if the iteration ends.

    Raises FileMissing at once; while iterating FileBroken (other seed or changed bytes) and
    Truncated (cut off). What comes before ``start`` is decrypted and passed over: the cipher is a
    chain, and 100 MB of it take a fifth of a second.
    """
    try:
        file = default_storage.open(str(file_id), "rb")
    except FileNotFoundError as error:
        raise FileMissing(str(file_id)) from error
    return _opened(file, _key(seed, file_id), file_id, start)


def open_range(seed: bytes, file_id: UUID, start: int, stop: int) -> Iterator[bytes]:
    """Yield the clear bytes from ``start`` up to but not including ``stop``, as ``open_file``."""
    left = stop - start
    for chunk in open_file(seed, file_id, start=start):
        if left <= 0:
            return
        yield chunk[:left]
        left -= len(chunk)


def _opened(file: File[bytes], key: bytes, file_id: UUID, start: int) -> Iterator[bytes]:
    with file:
        clear = decrypt_chunks(key, file.chunks(CHUNK), aad=bind("file", file_id))
        # Each frame but the last holds CHUNK bytes.
        whole, inside = divmod(start, CHUNK)
        for chunk in islice(clear, whole, None):
            if len(chunk) > inside:
                yield chunk[inside:]
            inside = max(0, inside - len(chunk))


def remove_file(file_id: UUID) -> None:
    """Remove a stored file that belongs to nothing; one that is not there is no error."""
    default_storage.delete(str(file_id))
