"""A file on its way: on the disk it lies only encrypted, under a key that only memory holds.

The spool has no name, so it is gone with the process that wrote it, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from upstander.vault.envelopes import OVERHEAD, bind, padded_size, seal, unseal

#: Clear bytes in one record; one less than pages of the padding, so that none is wasted.
_RECORD: Final = 64 * 1024 - 1
_SEALED: Final = padded_size(_RECORD) + OVERHEAD


class Spool:
    """Write once from front to back, then read as often as needed. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        """Open an unnamed file in ``folder``. Raises OSError."""
        self.size = 0
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - see close
        self._key = os.urandom(32)
        self._rest = bytearray()
        self._records = 0
        self._sealed = False

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end. Raises OSError when the disk is full."""
        if self._sealed:
            raise ValueError("the spool has been read already")
        self.size += len(chunk)
        self._rest += chunk
        while len(self._rest) >= _RECORD:
            self._put(bytes(self._rest[:_RECORD]))
            del self._rest[:_RECORD]

    def fill(self, chunks: Iterable[bytes]) -> Self:
        """Add all chunks and return the spool."""
        for chunk in chunks:
            self.write(chunk)
        return self

    def _put(self, record: bytes) -> None:
        sealed = seal(self._key, record, aad=bind("spool", self._records))
        self._records += 1
        while sealed:  # a raw file may take less than it is given
            sealed = sealed[self._file.write(sealed) :]

    def __iter__(self) -> Iterator[bytes]:
        """Yield the clear bytes from the beginning; raises SealBroken if the disk changed them."""
        if not self._sealed:
            self._sealed = True
            if self._rest:
                self._put(bytes(self._rest))
                self._rest.clear()
        for number in range(self._records):
            sealed = os.pread(self._file.fileno(), _SEALED, number * _SEALED)
            yield unseal(self._key, sealed, aad=bind("spool", number))

    def head(self, count: int) -> bytes:
        """Return the first bytes, at most ``count`` of the first record."""
        return next(iter(self), b"")[:count]

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    def __del__(self) -> None:
        """Close: a form that broke off leaves its spools to nobody."""
        with contextlib.suppress(AttributeError):  # it may not even have begun
            self._file.close()

    def __enter__(self) -> Self:
        """Return the spool itself."""
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()
