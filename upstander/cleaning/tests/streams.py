"""Reading what a page streams."""

from __future__ import annotations

from typing import Any

from upstander.tips.tests.loops import apart


def whole(answer: Any) -> bytes:
    """Return an answer's body, streamed or not."""
    if not answer.streaming:
        content: bytes = answer.content
        return content
    if not answer.is_async:
        return b"".join(answer.streaming_content)

    async def joined() -> bytes:
        return b"".join([chunk async for chunk in answer.streaming_content])

    return apart(joined())
