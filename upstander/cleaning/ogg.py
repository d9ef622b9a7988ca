"""Ogg sound (Opus, Vorbis): comments are emptied and the checksums of their pages made anew.

RFC 3533 (pages), RFC 7845 (Opus), the Vorbis I specification §5. An emptied comment packet keeps
its length, filled up with zeros, which both codecs allow; so no page moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .edits import Edit, Plan
from .source import Source, Unreadable

_HEADER: Final = 27
_BEGINS: Final = 2
_CONTINUED: Final = 1


def _checksums() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_TABLE: Final = _checksums()


def page_checksum(page: bytes) -> int:
    """Return a page's CRC-32 (RFC 3533 §6: polynomial 0x04c11db7, its own field as zeros)."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value


@dataclass
class _Stream:
    """One sound inside the file, until its comments have passed."""

    magic: bytes  # with which the comment packet begins
    empty: bytes  # what it becomes: no vendor, no comments
    packet: int = 0
    done: int = 0  # bytes of the comment packet seen so far


_EMPTY: Final = bytes(8)


def _stream_for(body: bytes) -> _Stream:
    if body.startswith(b"OpusHead"):
        return _Stream(b"OpusTags", b"OpusTags" + _EMPTY)
    if body.startswith(b"\x01vorbis"):
        return _Stream(b"\x03vorbis", b"\x03vorbis" + _EMPTY + b"\x01")
    raise Unreadable("neither Opus nor Vorbis")


def plan_for_ogg(source: Source) -> Plan:
    """Return what to blank in an Ogg file. Raises Unreadable."""
    edits: list[Edit] = []
    streams: dict[bytes, _Stream] = {}
    end = 0
    while source.left:
        start = source.offset
        header = source.peek(_HEADER)
        if len(header) < _HEADER:
            break
        if header[:5] != b"OggS\0":
            raise Unreadable("a page does not begin where the one before it ends")
        lacing = source.peek(_HEADER + header[26])[_HEADER:]
        size = _HEADER + len(lacing) + sum(lacing)
        if len(lacing) < header[26] or size > source.left:
            break  # cut off: the pages up to here play
        serial = header[14:18]
        if header[5] & _BEGINS:
            body = source.peek(size)[_HEADER + len(lacing) :]
            streams[serial] = _stream_for(body)
        stream = streams.get(serial)
        if stream is None:
            raise Unreadable("a page of no stream")
        if stream.packet <= 1:
            edits += _emptied(start, source.peek(size), lacing, stream)
        source.skip(size)
        end = source.offset
    if not streams or any(stream.packet < 2 for stream in streams.values()):
        raise Unreadable("no sound in it")
    if source.size > end:
        edits.append(Edit(end, source.size - end, drop=True))
    return Plan("audio/ogg", "ogg", edits)


def _emptied(start: int, page: bytes, lacing: bytes, stream: _Stream) -> list[Edit]:
    """Return the page with the comment packet's bytes in it emptied, if it has any."""
    if stream.done and not page[5] & _CONTINUED:
        raise Unreadable("the comments are cut off")
    out = bytearray(page)
    at = _HEADER + len(lacing)
    for segment in lacing:
        if stream.packet == 1:
            piece = (stream.empty + bytes(255))[stream.done : stream.done + segment] or b""
            if stream.done == 0 and not page[at : at + segment].startswith(stream.magic):
                raise Unreadable("no comments where they must be")
            out[at : at + segment] = piece.ljust(segment, b"\0")
            stream.done += segment
        if segment < 255:
            if stream.packet == 1 and stream.done < len(stream.empty):
                raise Unreadable("the comments are too short to be any")
            stream.packet += 1
        at += segment
    if out == page:
        return []
    out[22:26] = bytes(4)
    out[22:26] = page_checksum(bytes(out)).to_bytes(4, "little")
    return [Edit(start, len(page), bytes(out))]
