"""Reading what a page streams, also where a browser's event loop runs in the test's thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def whole(answer: Any) -> bytes:
    """Return an answer's body, streamed or not."""
    if not answer.streaming:
        content: bytes = answer.content
        return content
    if not answer.is_async:
        return b"".join(answer.streaming_content)

    async def joined() -> bytes:
        return b"".join([chunk async for chunk in answer.streaming_content])

    # A thread of its own: no loop runs there yet.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, joined()).result()
