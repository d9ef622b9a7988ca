"""Where in the file the samples of a track lie (ISO/IEC 14496-12 §8.7, §8.8).

What no kept track points to is blanked: place tracks of phones, action and dashboard cameras, and
whatever else hides between the samples.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from .boxes import Box, boxes, only
from .source import Unreadable

#: Two hours of video and sound are a few 100,000 samples; more is an attack on the processor.
_MOST_SAMPLES: Final = 6_000_000


class Span(NamedTuple):
    """Bytes of the file that a track needs; ``open`` when only their beginning is sure."""

    start: int
    end: int
    open: bool = False


def _numbers(data: bytes, box: Box, skip: int, form: str) -> Iterator[tuple[int, ...]]:
    """Yield the rows of a table box: a count at ``skip``, then rows of ``form``."""
    if box.end - box.body < skip + 4:
        raise Unreadable("a table is cut off")
    count = int.from_bytes(data[box.body + skip : box.body + skip + 4], "big")
    size = struct.calcsize(form)
    first = box.body + skip + 4
    if count * size > box.end - first:
        raise Unreadable("a table is cut off")
    return struct.iter_unpack(form, data[first : first + count * size])


def _sizes(data: bytes, table: Box) -> tuple[int, int, list[int]]:
    """Return (constant size or 0, number of samples, each one's size) from stsz or stz2."""
    box = only(data, table, b"stsz") or only(data, table, b"stz2")
    if box is None or box.end - box.body < 12:
        raise Unreadable("no sample sizes")
    field, count = struct.unpack_from(">II", data, box.body + 4)
    if box.name == b"stsz":
        if field:
            return field, count, []
        return 0, count, [size for (size,) in _numbers(data, box, 8, ">I")]
    rest = data[box.body + 12 : box.end]
    width = field & 0xFF
    if width == 4:
        both = [half for byte in rest for half in (byte >> 4, byte & 15)]
        return 0, count, both[:count]
    if width not in (8, 16):
        raise Unreadable("sample sizes of an unknown width")
    return 0, count, [size for (size,) in _numbers(data, box, 8, ">B" if width == 8 else ">H")]


def spans_of_track(data: bytes, track: Box) -> list[Span]:
    """Return the file's bytes that a ``trak`` box points to, one span a chunk."""
    table = only(data, track, b"mdia", b"minf", b"stbl")
    if table is None:
        raise Unreadable("a track without a sample table")
    constant, count, sizes = _sizes(data, table)
    if not count:
        return []
    if count > _MOST_SAMPLES and not constant:
        raise Unreadable("too many samples")
    offsets = only(data, table, b"stco")
    form = ">I"
    if offsets is None:
        offsets, form = only(data, table, b"co64"), ">Q"
    runs = only(data, table, b"stsc")
    if offsets is None or runs is None:
        raise Unreadable("a track without chunks")
    places = [place for (place,) in _numbers(data, offsets, 4, form)]
    per_chunk = list(_numbers(data, runs, 4, ">III"))
    spans: list[Span] = []
    sample = 0
    run = -1
    for number, place in enumerate(places, 1):
        while run + 1 < len(per_chunk) and per_chunk[run + 1][0] <= number:
            run += 1
        if run < 0:
            raise Unreadable("a chunk of no samples")
        samples = min(per_chunk[run][1], count - sample)
        if constant:
            # Old QuickTime says 1 here for sound whatever its true size: the end is not sure.
            spans.append(Span(place, place + samples * constant, open=True))
        else:
            spans.append(Span(place, place + sum(sizes[sample : sample + samples])))
        sample += samples
    return spans


class Fragments:
    """The samples of fragments (``moof``), as browsers record them."""

    def __init__(self, data: bytes, moov: Box) -> None:
        """Read the defaults of each track from the movie's ``mvex``."""
        self._sizes: dict[int, int] = {}
        more = only(data, moov, b"mvex")
        for box in boxes(data, more.body, more.end) if more else ():
            if box.name == b"trex" and box.end - box.body >= 24:
                track, size = struct.unpack_from(">I8xI", data, box.body + 4)
                self._sizes[track] = size

    def spans(self, data: bytes, moof: Box, base: int, kept: set[int]) -> list[Span]:
        """Return the file's bytes that the kept tracks' runs in a ``moof`` point to.

        ``base`` is where ``data`` begins in the file.
        """
        spans: list[Span] = []
        begin = base + moof.start
        after = begin  # where the data of the track fragment before ended
        for traf in boxes(data, moof.body, moof.end):
            if traf.name != b"traf":
                continue
            header = only(data, traf, b"tfhd")
            if header is None:
                raise Unreadable("a fragment of no track")
            track, place, size = self._header(data, header, begin, after)
            at = place
            for run in boxes(data, traf.body, traf.end):
                if run.name == b"trun":
                    start, at = _run(data, run, place, at, size)
                    if track in kept:
                        spans.append(Span(start, at))
            after = at
        return spans

    def _header(self, data: bytes, box: Box, begin: int, after: int) -> tuple[int, int, int]:
        """Return a track fragment's track, base place and default sample size."""
        flags, track = _flags_and(data, box)
        at = box.body + 8
        place = begin if flags & 0x020000 else after
        if flags & 0x1:
            (place,) = _at(data, box, at, ">Q")
            at += 8
        at += 4 * bool(flags & 0x2) + 4 * bool(flags & 0x8)
        size = self._sizes.get(track, 0)
        if flags & 0x10:
            (size,) = _at(data, box, at, ">I")
        return track, place, size


def _run(data: bytes, box: Box, place: int, at: int, size: int) -> tuple[int, int]:
    """Return where the samples of a ``trun`` begin and end in the file."""
    flags, count = _flags_and(data, box)
    row = box.body + 8
    if flags & 0x1:
        (offset,) = _at(data, box, row, ">i")
        at = place + offset
        row += 4
    row += 4 * bool(flags & 0x4)
    width = 4 * (flags >> 8 & 0xF).bit_count()
    if row + count * width > box.end or at < 0:
        raise Unreadable("a run is cut off")
    if not flags & 0x200:
        return at, at + count * size
    first = row + 4 * bool(flags & 0x100)
    total = 0
    for number in range(count):
        total += int.from_bytes(data[first + number * width : first + number * width + 4], "big")
    return at, at + total


def _flags_and(data: bytes, box: Box) -> tuple[int, int]:
    """Return a full box's flags and the number behind them."""
    head, number = _at(data, box, box.body, ">II")
    return head & 0xFFFFFF, number


def _at(data: bytes, box: Box, at: int, form: str) -> tuple[int, ...]:
    if at + struct.calcsize(form) > box.end:
        raise Unreadable("a box is cut off")
    return struct.unpack_from(form, data, at)
