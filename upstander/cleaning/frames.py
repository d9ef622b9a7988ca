"""Sound that is a row of frames (MP3, bare AAC): only the frames stay, whatever stands between.

So ID3 tags with title, place and picture, APE tags, lyrics, and files hidden behind the sound go,
without a list of what tags there are. (ISO/IEC 11172-3 §2.4.2.3, 13818-3, 13818-7 §6.2.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .edits import Edit, Plan
from .source import Source, Unreadable

#: Kilobits a second by the header's index; 0 (free format) and 15 are not taken.
_MPEG1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_MPEG2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
#: Samples a second by version (2.5, reserved, 2, 1) and index.
_RATES: Final = ((11025, 12000, 8000), (), (22050, 24000, 16000), (44100, 48000, 32000))
#: Fewer frames in a row than this may be chance.
_LEAST: Final = 3
_HEADER: Final = 7
LengthOf = Callable[[bytes], int]


def mp3_frame(head: bytes) -> int:
    """Return the length in bytes of the layer III frame that begins so, or 0 if none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate = head[1] >> 3 & 3, head[2] >> 2 & 3
    if version == 1 or rate == 3:
        return 0
    kilobits = (_MPEG1 if version == 3 else _MPEG2)[head[2] >> 4]
    samples = 144_000 if version == 3 else 72_000
    return samples * kilobits // _RATES[version][rate] + (head[2] >> 1 & 1) if kilobits else 0


def adts_frame(head: bytes) -> int:
    """Return the length in bytes of the ADTS frame that begins so, or 0 if none does."""
    if len(head) < _HEADER or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > _HEADER else 0


def plan_for_frames(source: Source) -> Plan:
    """Return what to drop from an MP3 file or a bare AAC stream. Raises Unreadable."""
    edits: list[Edit] = []
    length_of: LengthOf | None = None
    frames = 0
    gap = source.offset  # where the last frame ended
    while source.left:
        head = source.peek(_HEADER)
        found = next((f for f in _CODECS if _is_frame(source, f(head), f)), None)
        if found is not None and length_of in (None, found):
            if source.offset > gap:
                edits.append(Edit(gap, source.offset - gap, drop=True))
            if length_of is None and found is mp3_frame:
                edits += _without_encoder(source.offset, source.peek(found(head)))
            length_of = found
            source.skip(found(head))
            frames += 1
            gap = source.offset
        elif head[:3] == b"ID3" and len(head) == _HEADER:
            # Its length is known; and a picture in it may hold what looks like frames.
            size = 0
            for byte in source.peek(10)[6:]:
                size = size << 7 | byte & 0x7F
            source.skip(min(10 + size, source.left))
        else:
            ahead = source.peek(4096).find(b"\xff", 1)
            source.skip(ahead if ahead > 0 else min(4096, source.left))
    if source.size > gap:
        edits.append(Edit(gap, source.size - gap, drop=True))
    if frames < _LEAST:
        raise Unreadable("no sound in it")
    if length_of is mp3_frame:
        return Plan("audio/mpeg", "mp3", edits)
    return Plan("audio/aac", "aac", edits)


_CODECS: Final[tuple[LengthOf, ...]] = (mp3_frame, adts_frame)


def _is_frame(source: Source, length: int, length_of: LengthOf) -> bool:
    """Tell whether a whole frame is there and is followed by another, a tag or the end."""
    ahead = source.peek(length + _HEADER) if length else b""
    if not length or len(ahead) < length:
        return False
    after = ahead[length:]
    known = after[:3] in (b"TAG", b"ID3") or after[:4] in (b"APET", b"LYRI")
    return not after or known or length_of(after) > 0


def _without_encoder(start: int, frame: bytes) -> list[Edit]:
    """Make the name of the encoder in the first frame (Xing/LAME) the same for all.

    Players read the pauses at both ends behind it only if they know the name.
    """
    mono = frame[3] >> 6 == 3
    side = (17 if mono else 32) if frame[1] >> 3 & 3 == 3 else (9 if mono else 17)
    at = 4 + side
    if frame[at : at + 4] not in (b"Xing", b"Info"):
        return []
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    at += 8 + sum(size for bit, size in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
    return [Edit(start + at, 9, b"LAME")] if at + 9 <= len(frame) else []
