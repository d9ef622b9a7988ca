"""Matroska and WebM, as browsers record them: only what is needed to play them stays.

RFC 9559 (Matroska) and RFC 8794 (EBML). The elements are read as one flat row: the identifiers of
the levels differ, and recorders leave lengths of segments and clusters open. What goes becomes a
Void element in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from .edits import Edit, Plan
from .source import Source, Unreadable

_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_INFO, _TRACKS, _TRACK = 0x1549A966, 0x1654AE6B, 0xAE
_GROUP, _BLOCK, _SIMPLE = 0xA0, 0xA1, 0xA3
_DOCTYPE, _VOID = 0x4282, 0xEC
_NUMBER, _TYPE, _CODEC, _PRIVATE = 0xD7, 0x83, 0x86, 0x63A2
#: SeekHead, Cues; Timestamp, Position, PrevSize of a cluster.
_STAYS: Final = frozenset({0x114D9B74, 0x1C53BB6B, 0xE7, 0xA7, 0xAB})
#: TimestampScale, Duration.
_INFO_STAYS: Final = frozenset({0x2AD7B1, 0x4489})
#: MuxingApp, WritingApp: they must be there, so they are emptied.
_INFO_EMPTIED: Final = frozenset({0x4D80, 0x5741})
#: TrackNumber, TrackUID, TrackType, FlagEnabled, FlagDefault, FlagForced, FlagLacing, MinCache,
#: MaxCache, DefaultDuration, DefaultDecodedFieldDuration, TrackTimestampScale, MaxBlockAdditionID,
#: CodecID, CodecPrivate, CodecDecodeAll, CodecDelay, SeekPreRoll, Video, Audio, ContentEncodings.
_TRACK_STAYS: Final = frozenset(
    {
        0xD7,
        0x73C5,
        0x83,
        0xB9,
        0x88,
        0x55AA,
        0x9C,
        0x6DE7,
        0x6DF8,
        0x23E383,
        0x234E7A,
        0x23314F,
        0x55EE,
        0x86,
        0x63A2,
        0xAA,
        0x56AA,
        0x56BB,
        0xE0,
        0xE1,
        0x6D80,
    }
)
#: Block, BlockDuration, ReferenceBlock, DiscardPadding.
_GROUP_STAYS: Final = frozenset({0xA1, 0x9B, 0xFB, 0x75A2})
_VIDEO, _AUDIO = 1, 2
_LARGEST: Final = 32 * 1024 * 1024


class Element(NamedTuple):
    """One element; all places are counted from the start of the bytes it was found in."""

    name: int
    start: int
    body: int
    end: int | None  # None: open until something of a higher level begins


def _element(data: bytes, at: int, base: int) -> Element:
    """Read the head of the element at a place. Raises Unreadable."""
    head = data[at : at + 12]
    long = 9 - head[0].bit_length() if head and head[0] else 9
    if long > 4 or len(head) <= long:
        raise Unreadable("no element begins here")
    wide = 9 - head[long].bit_length() if head[long] else 9
    if wide > 8 or len(head) < long + wide:
        raise Unreadable("an element of no length")
    raw = int.from_bytes(head[long : long + wide], "big")
    ones = (1 << 7 * wide) - 1
    size = raw & ones
    body = base + at + long + wide
    end = None if size == ones else body + size
    return Element(int.from_bytes(head[:long], "big"), base + at, body, end)


def _inside(data: bytes, body: int, end: int) -> Iterator[Element]:
    """Yield the elements between two places of ``data``. Raises Unreadable if they do not fit."""
    while body < end:
        element = _element(data, body, 0)
        if element.end is None or element.end > end:
            raise Unreadable("an element is longer than what it lies in")
        yield element
        body = element.end


def voided(element: Element, end: int, base: int = 0) -> Edit:
    """Return the edit that makes an element a Void of the same length (RFC 8794 §11.3.2)."""
    total = end - element.start
    if total < 9:
        head = bytes([_VOID, 0x80 | total - 2])
    else:
        head = bytes([_VOID]) + (1 << 56 | total - 9).to_bytes(8, "big")
    return Edit(base + element.start, total, head)


class _Recording:
    """One pass over a recording, gathering what to change."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.edits: list[Edit] = []
        self.tracks: dict[int, int] = {}  # number: type, of those that stay
        self.doctype = b""
        self.blocks = 0

    def walk(self) -> None:
        """Read all elements of the file."""
        source = self.source
        header = self._next()
        if header.name != _EBML or header.end is None:
            raise Unreadable("no header")
        data = self._bytes(header)
        for inside in _inside(data, header.body - header.start, len(data)):
            if inside.name == _DOCTYPE:
                self.doctype = data[inside.body : inside.end].rstrip(b"\0")
        segment = self._next()
        if segment.name != _SEGMENT:
            raise Unreadable("no segment")
        source.skip(segment.body - segment.start)
        stop = source.size if segment.end is None else min(segment.end, source.size)
        while source.offset < stop:
            if stop - source.offset < 2:
                self.edits.append(Edit(source.offset, stop - source.offset, drop=True))
                source.skip(stop - source.offset)
                break
            self._deal_with(self._next())
        if source.left:
            self.edits.append(Edit(source.offset, source.left, drop=True))

    def _next(self) -> Element:
        return _element(self.source.peek(12), 0, self.source.offset)

    def _bytes(self, element: Element) -> bytes:
        """Read a whole element, head included."""
        if element.end is None or element.end - element.start > _LARGEST:
            raise Unreadable("an element is too large")
        return self.source.read(element.end - element.start)

    def _deal_with(self, element: Element) -> None:
        """Keep, blank in part or void an element, and pass over it."""
        source = self.source
        if element.name == _CLUSTER:
            source.skip(element.body - element.start)
            return
        if element.name in (_EBML, _SEGMENT) or element.end is None:
            raise Unreadable("an element where it cannot be")
        if element.end > source.size:
            # The recording was cut off: what is not whole goes.
            self.edits.append(Edit(element.start, source.left, drop=True))
            source.skip(source.left)
        elif element.name == _INFO:
            self._info(self._bytes(element), element)
        elif element.name == _TRACKS:
            self._tracks(self._bytes(element), element)
        elif element.name == _GROUP:
            self._group(self._bytes(element), element)
        elif element.name == _SIMPLE:
            if not self._is_kept(source.peek(element.body - element.start + 8), element):
                self.edits.append(voided(element, element.end))
            source.skip(element.end - element.start)
        else:
            if element.name not in _STAYS:
                self.edits.append(voided(element, element.end))
            source.skip(element.end - element.start)

    def _is_kept(self, head: bytes, element: Element) -> bool:
        """Tell whether a block, whose first bytes these are, is one of a kept track."""
        number = _element(b"\x80" + head[element.body - element.start :], 0, 0)
        # Read as an element whose length is the track's number: both are coded alike.
        track = (number.end or 0) - number.body
        self.blocks += track in self.tracks
        return track in self.tracks

    def _info(self, data: bytes, element: Element) -> None:
        for inside in _inside(data, element.body - element.start, len(data)):
            end = inside.end or 0
            if inside.name in _INFO_EMPTIED:
                self.edits.append(Edit(element.start + inside.body, end - inside.body))
            elif inside.name not in _INFO_STAYS:
                self.edits.append(voided(inside, end, element.start))

    def _tracks(self, data: bytes, element: Element) -> None:
        for track in _inside(data, element.body - element.start, len(data)):
            end = track.end or 0
            parts = list(_inside(data, track.body, end)) if track.name == _TRACK else []
            numbers = {
                part.name: int.from_bytes(data[part.body : part.end], "big")
                for part in parts
                if part.name in (_NUMBER, _TYPE)
            }
            kind = numbers.get(_TYPE)
            if kind not in (_VIDEO, _AUDIO):
                self.edits.append(voided(track, end, element.start))
                continue
            self.tracks[numbers.get(_NUMBER, 0)] = kind
            codec = b"".join(data[p.body : p.end] for p in parts if p.name == _CODEC)
            for part in parts:
                if part.name not in _TRACK_STAYS:
                    self.edits.append(voided(part, part.end or 0, element.start))
                elif part.name == _PRIVATE and codec == b"A_VORBIS":
                    at = element.start + part.body
                    self.edits.append(_vorbis_comment(data[part.body : part.end], at))

    def _group(self, data: bytes, element: Element) -> None:
        parts = list(_inside(data, element.body - element.start, len(data)))
        for part in parts:
            if part.name == _BLOCK:
                head = data[part.start : part.body + 8]
                if not self._is_kept(head, part):
                    self.edits.append(voided(element, element.end or 0))
                    return
        self.edits += [
            voided(part, part.end or 0, element.start)
            for part in parts
            if part.name not in _GROUP_STAYS
        ]


def _vorbis_comment(private: bytes, base: int) -> Edit:
    """Empty the comments among Vorbis' three headers (laced as Xiph does, RFC 9559 §10.3.2)."""
    sizes: list[int] = []
    at = 1
    while len(sizes) < 2:
        size = 0
        while private[at : at + 1] == b"\xff":
            size += 255
            at += 1
        if at >= len(private):
            raise Unreadable("no Vorbis headers")
        sizes.append(size + private[at])
        at += 1
    at += sizes[0]
    empty = b"\x03vorbis" + bytes(8) + b"\x01"
    if (
        not private[at:].startswith(b"\x03vorbis")
        or not len(empty) <= sizes[1] <= len(private) - at
    ):
        raise Unreadable("no Vorbis comments")
    return Edit(base + at, sizes[1], empty)


def plan_for_matroska(source: Source) -> Plan:
    """Return what to blank in a Matroska or WebM file. Raises Unreadable."""
    recording = _Recording(source)
    recording.walk()
    if not recording.tracks or not recording.blocks:
        raise Unreadable("neither pictures nor sound in it")
    kind = "video" if _VIDEO in recording.tracks.values() else "audio"
    if recording.doctype == b"webm":
        return Plan(f"{kind}/webm", "webm", recording.edits)
    return Plan(f"{kind}/x-matroska", "mkv" if kind == "video" else "mka", recording.edits)
