"""Boxes: how ISO base media files and QuickTime movies are built (ISO/IEC 14496-12 §4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from .edits import Edit
from .source import Unreadable

#: Deeper than this no honest file nests.
DEEPEST: Final = 12


class Box(NamedTuple):
    """One box; all places are counted from the start of the bytes it was found in."""

    name: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two places. Raises Unreadable when they do not fit exactly."""
    while start < end:
        if end - start < 8:
            if any(data[start:end]):
                raise Unreadable("a box is cut off")
            return  # QuickTime ends some lists with zeros
        size = int.from_bytes(data[start : start + 4], "big")
        name = data[start + 4 : start + 8]
        body = start + 8
        if size == 1 and end - start >= 16:
            size = int.from_bytes(data[body : body + 8], "big")
            body += 8
        if size < body - start or size > end - start:
            raise Unreadable("a box is longer than what it lies in")
        yield Box(name, start, body, start + size)
        start += size


def only(data: bytes, parent: Box, *path: bytes) -> Box | None:
    """Return the first box at a path below another, or None."""
    found: Box | None = parent
    for name in path:
        if found is None:
            return None
        found = next((box for box in boxes(data, found.body, found.end) if box.name == name), None)
    return found


def freed(box: Box, base: int) -> list[Edit]:
    """Return the edits that make a box free space full of zeros, in its place.

    ``base`` is where the bytes it was found in begin in the file.
    """
    return [
        Edit(base + box.start + 4, 4, b"free"),
        Edit(base + box.body, box.end - box.body),
    ]
