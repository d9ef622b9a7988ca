"""RIFF/WAVE sound: only the chunks that are needed to play it stay (Microsoft/IBM RIFF, 1991)."""

from __future__ import annotations

from typing import Final

from .edits import Edit, Plan
from .source import Source, Unreadable

#: Everything else (LIST INFO, bext with its origin and date, iXML, id3, cart, XMP …) goes.
_KEPT: Final = frozenset({b"fmt ", b"data", b"fact"})
_MOST_CHUNKS: Final = 10_000


def plan_for_wave(source: Source) -> Plan:
    """Return what to blank in a WAVE file. Raises Unreadable."""
    head = source.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise Unreadable("not a WAVE file")
    # A recorder that streams leaves the length at 0 or at its largest value.
    length = int.from_bytes(head[4:8], "little")
    end = min(8 + length, source.size) if length not in (0, 0xFFFFFFFF) else source.size
    edits: list[Edit] = []
    seen: set[bytes] = set()
    for _ in range(_MOST_CHUNKS):
        if end - source.offset < 8:
            break
        start = source.offset
        head = source.read(8)
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name == b"data" and size in (0, 0xFFFFFFFF):
            size = end - source.offset
        size = min(size, end - source.offset)
        if name not in _KEPT:
            edits += [Edit(start, 4, b"JUNK"), Edit(start + 8, size)]
        seen.add(name)
        source.skip(size)
        if size % 2 and source.offset < end:
            source.skip(1)
    else:
        raise Unreadable("too many chunks")
    if not {b"fmt ", b"data"} <= seen:
        raise Unreadable("no sound in it")
    if source.left:
        edits.append(Edit(source.offset, source.left, drop=True))
    return Plan("audio/wav", "wav", edits)
