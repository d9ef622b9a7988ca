"""A plan of what to change in a file, made in one pass and applied in another.

The first pass needs to read only, so it can run in the sandboxed child; the second needs to know
nothing about formats. Nothing is moved unless it is dropped: sample tables hold offsets from the
start of the file, so bytes are overwritten where they stand.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from .source import Unreadable

_RECORD: Final = struct.Struct(">QQ?I")
#: More changes than this no honest file of 100 MB needs; the plan is held in memory.
MOST_BYTES: Final = 16 * 1024 * 1024


class Edit(NamedTuple):
    """Bytes to overwrite with ``new`` and then zeros, or to leave out altogether."""

    start: int
    length: int
    new: bytes = b""
    drop: bool = False


class Plan(NamedTuple):
    """What a walker found out about a file: how it may be shown, and what to change in it."""

    content_type: str
    extension: str
    edits: list[Edit]


def in_order(edits: Iterable[Edit], size: int) -> list[Edit]:
    """Return the edits sorted. Raises Unreadable if two overlap or one lies outside the file."""
    ordered = sorted(edit for edit in edits if edit.length)
    end = 0
    for edit in ordered:
        if edit.start < end or len(edit.new) > edit.length:
            raise Unreadable("two parts of the file lie on top of each other")
        end = edit.start + edit.length
    if end > size:
        raise Unreadable("a part lies outside the file")
    return ordered


def pack(edits: Iterable[Edit]) -> bytes:
    """Return the edits as bytes for the pipe. Raises Unreadable when they are too many."""
    out = bytearray()
    for edit in edits:
        out += _RECORD.pack(edit.start, edit.length, edit.drop, len(edit.new))
        out += edit.new
        if len(out) > MOST_BYTES:
            raise Unreadable("the file is in too many pieces")
    return bytes(out)


def unpack(data: bytes) -> list[Edit]:
    """Return what ``pack`` packed. Raises Unreadable: the child that sent it may be an enemy's."""
    edits: list[Edit] = []
    at = 0
    while at < len(data):
        if len(data) - at < _RECORD.size:
            raise Unreadable("the plan is cut off")
        start, length, drop, count = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        if len(data) - at < count:
            raise Unreadable("the plan is cut off")
        edits.append(Edit(start, length, data[at : at + count], drop))
        at += count
    return edits


def size_after(size: int, edits: Iterable[Edit]) -> int:
    """Return the file's length in bytes once the edits are applied."""
    return size - sum(edit.length for edit in edits if edit.drop)


def apply(chunks: Iterable[bytes], edits: list[Edit]) -> Iterator[bytes]:
    """Yield the changed file, one chunk for each that comes in. The edits are in order."""
    offset = 0
    first = 0  # the first edit that may still matter
    for chunk in chunks:
        end = offset + len(chunk)
        out = bytearray()
        at = offset
        while first < len(edits) and edits[first].start < end:
            edit = edits[first]
            stop = edit.start + edit.length
            if edit.start > at:
                out += chunk[at - offset : edit.start - offset]
                at = edit.start
            upto = min(stop, end)
            if not edit.drop:
                part = edit.new[at - edit.start : upto - edit.start]
                out += part.ljust(upto - at, b"\0")
            at = upto
            if stop > end:
                break
            first += 1
        out += chunk[at - offset :]
        offset = end
        if out:
            yield bytes(out)
