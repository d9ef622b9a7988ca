"""Files inside a form, spooled as they come: Django's own handlers write them to disk in clear.

A file that is too big or too many is passed over and marked; the rest of the form, the words above
all, is still read. Use it before the form is touched::

    request.upload_handlers = [SpooledUploads(request)]
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from upstander.tips.files import MOST_BYTES, FileRefused, RefusalReason, new_spool
from upstander.tips.spool import Spool

#: Files that one form may hold; more are marked as too many.
MOST_IN_A_FORM: Final = 10


class SpooledFile(UploadedFile[bytes]):
    """A file of a form: its bytes in a spool, or the reason why they were passed over."""

    def __init__(
        self, name: str, size: int, spool: Spool | None, refused: FileRefused | None
    ) -> None:
        """Keep the spool; ``close`` gives its room back, as Django does after the request."""
        super().__init__(None, name, "application/octet-stream", size)
        self._spool = spool
        self.refused = refused

    @property
    def content(self) -> Spool:
        """What ``store_upload`` takes. Raises FileRefused if the file was passed over."""
        if self.refused is not None:
            raise self.refused
        assert self._spool is not None  # noqa: S101 - one of the two is always there
        return self._spool

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the bytes."""
        yield from self.content

    def close(self) -> None:
        """Give the disk's room back."""
        if self._spool is not None:
            self._spool.close()


class SpooledUploads(FileUploadHandler):
    """Puts each file of a form into an encrypted spool."""

    def __init__(self, request: Any = None) -> None:
        """Begin with no file."""
        super().__init__(request)
        self._files = 0
        self._name = ""
        self._spool: Spool | None = None
        self._refused: FileRefused | None = None
        self._open: list[Spool] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._files += 1
        self._name = self.file_name or ""
        self._spool = self._refused = None
        if self._files > MOST_IN_A_FORM:
            self._refused = FileRefused(RefusalReason.TOO_MANY)
        else:
            try:
                self._spool = new_spool()
                self._open.append(self._spool)
            except FileRefused as refused:
                self._refused = refused

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Spool a chunk, or pass over it."""
        if self._spool is None:
            return
        try:
            if self._spool.size + len(raw_data) > MOST_BYTES:
                raise FileRefused(RefusalReason.TOO_BIG)
            self._spool.write(raw_data)
        except (FileRefused, OSError) as error:
            self._spool.close()
            self._spool = None
            full = FileRefused(RefusalReason.NO_ROOM)
            self._refused = error if isinstance(error, FileRefused) else full

    def file_complete(self, file_size: int) -> SpooledFile:
        """Return the file, whole or marked."""
        return SpooledFile(self._name, file_size, self._spool, self._refused)

    def upload_interrupted(self) -> None:
        """Give back the room of a form that broke off."""
        for spool in self._open:
            spool.close()


class InMemoryOnly(FileUploadHandler):
    """Keeps what staff upload in memory: a child's address must not lie in a temporary file."""

    def __init__(self, request: Any = None, *, most: int) -> None:
        """Begin with no file; ``most`` is how many bytes all files of the form may have."""
        super().__init__(request)
        self._most = most
        self._held = 0
        self._parts: list[bytes] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._parts = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece. Raises RequestDataTooBig."""
        self._held += len(raw_data)
        if self._held > self._most:
            raise RequestDataTooBig("The files are too large.")
        self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Give the file."""
        content = io.BytesIO(b"".join(self._parts))
        return InMemoryUploadedFile(
            content,
            self.field_name,
            self.file_name or "file",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )
