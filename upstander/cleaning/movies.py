"""Movies of phones and cameras (mp4, m4a, mov, 3gp): only what is needed to play them stays.

ISO/IEC 14496-12 and the QuickTime File Format. A list says which boxes stay; every other (``udta``
with ``©xyz`` or ``loci``, ``meta``, ``uuid``, ``prft`` …) becomes free space full of zeros in its
place. In those that stay, times and names of makers are blanked. Of the media data only what the
picture and sound tracks point to stays: phones and action cameras write where they are into a track
of its own, dashboard cameras into the gaps.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_left, bisect_right
from typing import Final

from .boxes import DEEPEST, Box, boxes, freed, only
from .edits import Edit, Plan
from .samples import Fragments, Span, spans_of_track
from .source import Source, Unreadable

_NESTS: Final = frozenset(
    {
        b"moov",
        b"trak",
        b"mdia",
        b"minf",
        b"dinf",
        b"stbl",
        b"edts",
        b"mvex",
        b"moof",
        b"traf",
        b"gmhd",
        b"tapt",
    }
)
_TIMED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_STAYS: Final = frozenset(
    {
        b"stts",
        b"ctts",
        b"cslg",
        b"stsc",
        b"stsz",
        b"stz2",
        b"stco",
        b"co64",
        b"stss",
        b"stsh",
        b"sdtp",
        b"sbgp",
        b"sgpd",
        b"stps",
        b"elst",
        b"vmhd",
        b"smhd",
        b"gmin",
        b"clef",
        b"prof",
        b"enof",
        b"mehd",
        b"trex",
        b"mfhd",
        b"tfhd",
        b"tfdt",
        b"trun",
        b"subs",
        b"free",
    }
)
_TOP_STAYS: Final = frozenset({b"ftyp", b"styp", b"sidx", b"ssix"})
#: Of 100 MB of honest video the tables are a few; they are held in memory.
_LARGEST_TABLES: Final = 32 * 1024 * 1024
#: "und", as ISO 639-2 packed into 15 bits: a phone writes its owner's.
_NO_LANGUAGE: Final = b"\x55\xc4"
_PICTURE, _SOUND = b"vide", b"soun"
_IN_ENTRIES_GOES: Final = frozenset({b"udta", b"meta", b"uuid", b"name"})


class _Movie:
    """One pass over a movie, gathering what to change."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.edits: list[Edit] = []
        self.media: list[tuple[int, int]] = []
        self.spans: list[Span] = []
        self.others: set[int] = set()  # where chunks of blanked tracks begin
        self.tracks: dict[int, bytes] = {}
        self.brand = b"qt  "
        self.fragments: Fragments | None = None
        self.picture = False  # whether the track that is being read is one of pictures

    def walk(self) -> None:
        """Read all boxes of the file."""
        source = self.source
        while source.left:
            start = source.offset
            head = source.peek(16)
            size = int.from_bytes(head[:4], "big")
            name, body = head[4:8], 8
            if len(head) < 8:
                raise Unreadable("a box is cut off")
            if size == 1 and len(head) == 16:
                size, body = int.from_bytes(head[8:], "big"), 16
            elif size == 0:
                size = source.left
            if name == b"mdat":
                size = min(size, source.left)  # a recording that was cut off may still play
            if size < body:
                raise Unreadable("a box is shorter than its head")
            self._top(Box(name, start, start + body, start + size), size)

    def _top(self, box: Box, size: int) -> None:
        """Deal with a box of the outermost level and pass over it."""
        source = self.source
        if box.name in (b"moov", b"moof"):
            if size > _LARGEST_TABLES:
                raise Unreadable("its tables are too large")
            data = source.read(size)
            inside = Box(box.name, 0, box.body - box.start, size)
            if box.name == b"moov":
                self._moov(data, inside, box.start)
            else:
                self._moof(data, inside, box.start)
            return
        if box.name == b"ftyp":
            self.brand = source.peek(12)[8:12]
        elif box.name == b"mdat":
            self.media.append((box.body, box.end))
        elif box.name == b"mfra":
            pass  # a table of places and times within the movie
        elif box.name not in _TOP_STAYS:
            self.edits += freed(box, 0)
        source.skip(size)

    def _moov(self, data: bytes, moov: Box, base: int) -> None:
        if self.fragments is not None or only(data, moov, b"cmov"):
            raise Unreadable("two movies in one file, or a compressed one")
        self.fragments = Fragments(data, moov)
        for box in boxes(data, moov.body, moov.end):
            if box.name == b"trak":
                self._track(data, box, base)
            else:
                self._inner(data, box, base, 1)

    def _track(self, data: bytes, track: Box, base: int) -> None:
        """Keep a track of pictures or sound; blank any other and, with it, its samples."""
        handler = only(data, track, b"mdia", b"hdlr")
        kind = data[handler.body + 8 : handler.body + 12] if handler else b""
        if kind not in (_PICTURE, _SOUND):
            self.edits += freed(track, base)
            with contextlib.suppress(Unreadable):
                self.others.update(span.start for span in spans_of_track(data, track))
            return
        head = only(data, track, b"tkhd")
        if head is None or head.end - head.body < 24:
            raise Unreadable("a track without a head")
        at = head.body + (20 if data[head.body] else 12)
        self.picture = kind == _PICTURE
        self.tracks[int.from_bytes(data[at : at + 4], "big")] = kind
        self.spans += spans_of_track(data, track)
        for box in boxes(data, track.body, track.end):
            self._inner(data, box, base, 2)

    def _moof(self, data: bytes, moof: Box, base: int) -> None:
        if self.fragments is None:
            raise Unreadable("a fragment of no movie")
        self.spans += self.fragments.spans(data, moof, base, set(self.tracks))
        for box in boxes(data, moof.body, moof.end):
            self._inner(data, box, base, 1)

    def _inner(self, data: bytes, box: Box, base: int, depth: int) -> None:
        """Keep, blank in part or free a box inside ``moov`` or ``moof``."""
        if depth > DEEPEST:
            raise Unreadable("boxes in boxes without end")
        length = box.end - box.body
        at = base + box.body
        if box.name in _NESTS:
            for inside in boxes(data, box.body, box.end):
                self._inner(data, inside, base, depth + 1)
        elif box.name in _TIMED and length >= 20:
            long = data[box.body] != 0
            self.edits.append(Edit(at + 4, 16 if long else 8))
            if box.name == b"mdhd" and length >= (34 if long else 22):
                self.edits.append(Edit(at + (32 if long else 20), 2, _NO_LANGUAGE))
        elif box.name == b"hdlr" and length >= 12:
            # After the type: the maker, flags and a name in words.
            self.edits.append(Edit(at + 12, length - 12))
        elif box.name == b"stsd":
            self._entries(data, box, base)
        elif box.name == b"dref":
            self._references(data, box, base)
        elif box.name not in _STAYS:
            self.edits += freed(box, base)
        elif box.name == b"free":
            self.edits.append(Edit(at, length))

    def _entries(self, data: bytes, box: Box, base: int) -> None:
        """Blank who made the encoder in the descriptions of samples, and what hangs on them."""
        for entry in boxes(data, box.body + 8, box.end):
            length = entry.end - entry.body
            if length < (78 if self.picture else 28):
                raise Unreadable("a sample description is cut off")
            self.edits.append(Edit(base + entry.body + 12, 4))
            if self.picture:
                self.edits.append(Edit(base + entry.body + 42, 32))
                inner = 78
            else:
                version = int.from_bytes(data[entry.body + 8 : entry.body + 10], "big")
                inner = {1: 44, 2: 64}.get(version, 28)
            try:
                hanging = list(boxes(data, entry.body + inner, entry.end))
            except Unreadable:
                continue  # a description of before there were boxes in it
            for inside in hanging:
                if inside.name in _IN_ENTRIES_GOES:
                    self.edits += freed(inside, base)

    def _references(self, data: bytes, box: Box, base: int) -> None:
        """Blank the path of a file that the samples were once in."""
        for entry in boxes(data, box.body + 8, box.end):
            if entry.end - entry.body > 4:
                self.edits.append(Edit(base + entry.body + 4, entry.end - entry.body - 4))

    def blank_gaps(self) -> None:
        """Blank all media data that no kept track points to."""
        if not self.tracks or not self.spans:
            raise Unreadable("neither pictures nor sound in it")
        spans = sorted(self.spans)
        firsts = [span.start for span in spans]
        starts = sorted({*firsts, *self.others})
        found = False
        for begin, end in sorted(self.media):
            at = begin
            for span in spans[bisect_left(firsts, begin) : bisect_left(firsts, end)]:
                found = True
                stop = span.end
                if span.open:
                    after = bisect_right(starts, span.start)
                    stop = max(stop, starts[after] if after < len(starts) else end)
                if span.start > at:
                    self.edits.append(Edit(at, span.start - at))
                at = max(at, min(stop, end))
            if at < end:
                self.edits.append(Edit(at, end - at))
        if not found:
            raise Unreadable("its samples are in another file")


def plan_for_movie(source: Source) -> Plan:
    """Return what to blank in a movie or in sound of the same make. Raises Unreadable."""
    movie = _Movie(source)
    movie.walk()
    movie.blank_gaps()
    extension = "mov" if movie.brand == b"qt  " else "mp4"
    if _PICTURE in movie.tracks.values():
        # Browsers play a QuickTime movie of today's codecs only under the name of mp4.
        return Plan("video/mp4", extension, movie.edits)
    return Plan("audio/mp4", "m4a", movie.edits)
