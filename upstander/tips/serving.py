"""Sending a stored file to staff: as a stream, so that a film never lies in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import chain

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse


def sent(
    chunks: Iterator[bytes], headers: Mapping[str, str], *, status: int = 200
) -> StreamingHttpResponse:
    """Stream a file whose first bytes were found to open. Raises FileMissing, FileBroken."""
    first = next(chunks, b"")
    return StreamingHttpResponse(_flow(chain([first], chunks)), status=status, headers=headers)


async def _flow(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield chunks as they are decrypted in a thread: a film of 100 MB never lies in memory."""
    following = sync_to_async(lambda: next(chunks, None), thread_sensitive=False)
    while (chunk := await following()) is not None:
        yield chunk
