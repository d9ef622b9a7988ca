"""Sound and video built box by box, page by page: what plays is ``PICTURE`` and ``SOUND``."""

from __future__ import annotations

import struct

from upstander.cleaning.ogg import page_checksum
from upstander.cleaning.tests.samples import SECRET

PICTURE = b"P" * 500
SOUND = b"S" * 300
PLACE = b"GPS 41.3083 N 72.9279 W " + SECRET
#: Seconds since 1904, in 2024.
WHEN = struct.pack(">II", 3_792_000_000, 3_792_000_000)


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of an ISO base media file."""
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, name) + body


def full(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return box(name, struct.pack(">I", flags), *parts)


def table(name: bytes, form: str, rows: list[tuple[int, ...]]) -> bytes:
    """A box of a count and rows."""
    return full(name, struct.pack(">I", len(rows)), *(struct.pack(form, *row) for row in rows))


def _entry(kind: bytes) -> bytes:
    head = bytes(6) + b"\0\1"
    if kind == b"vide":
        maker = bytes(4) + b"MAKR" + bytes(26) + (b"\x10" + SECRET).ljust(32, b"\0")
        return box(b"avc1", head, maker, b"\0\x18\xff\xff", box(b"avcC", b"setup"))
    if kind == b"soun":
        return box(b"mp4a", head, bytes(4), b"MAKR", bytes(12), box(b"esds", b"setup"))
    return box(b"mebx", head, SECRET, bytes(40))


def _track(number: int, kind: bytes, chunks: list[tuple[int, int]], constant: int = 0) -> bytes:
    sizes = [size for _, size in chunks]
    stsz = (
        full(b"stsz", struct.pack(">II", constant, sum(sizes)))
        if constant
        else full(b"stsz", struct.pack(">II", 0, len(sizes)), *(s.to_bytes(4) for s in sizes))
    )
    samples_a_chunk = sizes[0] if constant else 1
    return box(
        b"trak",
        full(b"tkhd", WHEN, number.to_bytes(4), bytes(68)),
        box(b"meta", SECRET),
        box(b"udta", box(b"name", SECRET)),
        box(
            b"mdia",
            full(b"mdhd", WHEN, bytes(8), b"\x4a\x6b", bytes(2)),
            full(b"hdlr", bytes(4), kind, b"appl", bytes(8), SECRET + b"\0"),
            box(
                b"minf",
                box(b"dinf", full(b"dref", b"\0\0\0\1", full(b"url ", SECRET, flags=1))),
                box(
                    b"stbl",
                    full(b"stsd", b"\0\0\0\1", _entry(kind)),
                    table(b"stts", ">II", [(len(chunks), 1)]),
                    table(b"stsc", ">III", [(1, samples_a_chunk, 1)]),
                    stsz,
                    table(b"stco", ">I", [(place,) for place, _ in chunks]),
                ),
            ),
        ),
    )


def movie(*, tables_first: bool = False, raw_sound: bool = False, brand: bytes = b"isom") -> bytes:
    """A phone's movie: two chunks of picture, sound and place each, and gaps with secrets.

    ``raw_sound``: sound as old QuickTime has it, whose sample table says one byte a sample.
    """
    media = [SECRET]
    pieces = [(b"vide", PICTURE), (b"soun", SOUND), (b"meta", PLACE)] * 2
    tail = box(b"uuid", bytes(16), SECRET) + box(b"free", PLACE)
    start = box(b"ftyp", brand, bytes(4), b"isom") + box(b"free", b"gps " + PLACE)

    def tables(first: int) -> bytes:
        at = first + len(SECRET)
        chunks: dict[bytes, list[tuple[int, int]]] = {b"vide": [], b"soun": [], b"meta": []}
        for kind, piece in pieces:
            chunks[kind].append((at, len(piece)))
            at += len(piece)
        return box(
            b"moov",
            full(b"mvhd", WHEN, bytes(88)),
            box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+41.3083-072.9279/"), SECRET + bytes(8)),
            _track(1, b"vide", chunks[b"vide"]),
            # One sample of one byte each, though the chunk has three times as many bytes.
            _track(2, b"soun", [(p, n // 3) for p, n in chunks[b"soun"]], 1)
            if raw_sound
            else _track(2, b"soun", chunks[b"soun"]),
            _track(3, b"meta", chunks[b"meta"]),
            box(b"gps ", PLACE),
        )

    media += [piece for _, piece in pieces] + [SECRET]
    data = box(b"mdat", *media)
    if tables_first:
        length = len(tables(0))
        return start + tables(len(start) + length + 8) + data + tail
    return start + data + tables(len(start) + 8) + tail


def fragments() -> bytes:
    """A browser's recording: one fragment of picture, sound and place."""
    start = box(b"ftyp", b"iso5", bytes(4), b"iso5mp41")
    tracks = [_track(n, kind, []) for n, kind in ((1, b"vide"), (2, b"soun"), (3, b"meta"))]
    more = box(b"mvex", full(b"trex", b"\0\0\0\2", bytes(8), len(SOUND).to_bytes(4), bytes(4)))
    moov = box(b"moov", full(b"mvhd", WHEN, bytes(88)), *tracks, more)

    def moof(length: int) -> bytes:
        def traf(track: int, run: bytes) -> bytes:
            return box(b"traf", full(b"tfhd", track.to_bytes(4), flags=0x020000), run)

        place = length + 8
        return box(
            b"moof",
            full(b"mfhd", b"\0\0\0\1"),
            traf(1, full(b"trun", struct.pack(">III", 1, place, len(PICTURE)), flags=0x201)),
            traf(2, full(b"trun", struct.pack(">II", 1, place + len(PICTURE)), flags=0x001)),
            traf(
                3,
                full(
                    b"trun",
                    struct.pack(">III", 1, place + len(PICTURE) + len(SOUND), len(PLACE)),
                    flags=0x201,
                ),
            ),
        )

    wall_clock = full(b"prft", b"\0\0\0\1", SECRET, flags=0x18)
    data = box(b"mdat", PICTURE, SOUND, PLACE)
    return start + moov + wall_clock + moof(len(moof(0))) + data


def element(name: str, *parts: bytes, open_end: bool = False) -> bytes:
    """An EBML element; ``open_end``: of unknown length, as recorders write them."""
    body = b"".join(parts)
    size = (1 << 56) - 1 if open_end else len(body)
    return bytes.fromhex(name) + (size | 1 << 56).to_bytes(8) + body


def recording(*, doctype: bytes = b"webm", open_end: bool = True) -> bytes:
    """A browser's recording: picture, sound and a track of places as subtitles."""

    def track(number: int, kind: int, codec: bytes) -> bytes:
        name = element("536e", SECRET)
        return element(
            "ae",
            element("d7", bytes([number])),
            element("83", bytes([kind])),
            element("86", codec),
            name,
        )

    def block(number: int, piece: bytes) -> bytes:
        return bytes([0x80 | number]) + bytes(3) + piece

    return element("1a45dfa3", element("4282", doctype)) + element(
        "18538067",
        element("ec", PLACE),
        element(
            "1549a966",
            element("2ad7b1", b"\x0f\x42\x40"),
            element("4d80", b"Chrome " + SECRET),
            element("5741", b"Chrome " + SECRET),
            element("4461", bytes(8)),
            element("7ba9", SECRET),
        ),
        element(
            "1654ae6b",
            track(1, 1, b"V_VP8"),
            track(2, 2, b"A_OPUS"),
            track(3, 0x11, b"S_TEXT/UTF8"),
        ),
        element(
            "1f43b675",
            element("e7", b"\0"),
            element("a3", block(1, PICTURE)),
            element("a3", block(3, PLACE)),
            element("a0", element("a1", block(2, SOUND)), element("75a1", SECRET)),
            element("a0", element("a1", block(3, PLACE)), element("9b", b"\1")),
            open_end=open_end,
        ),
        element("1254c367", element("7373", SECRET)),
        element("1941a469", SECRET),
        open_end=open_end,
    )


def page(body: list[bytes], *, flags: int = 0, number: int = 0, continued: bool = False) -> bytes:
    """A page of an Ogg file; a last piece of full 255-byte segments goes on in the next page."""
    lacing = bytearray()
    for piece in body:
        full_segments, rest = divmod(len(piece), 255)
        lacing += b"\xff" * full_segments
        if rest or piece is not body[-1] or not full_segments:
            lacing.append(rest)
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags | continued, 0, 7, number, 0, len(lacing))
    raw = head + bytes(lacing) + b"".join(body)
    return raw[:22] + struct.pack("<I", page_checksum(raw)) + raw[26:]


def voice_message(codec: str = "opus") -> bytes:
    """A voice message whose comments run over two pages."""
    comments = b"\x06\0\0\0Gadget\1\0\0\0" + struct.pack("<I", 400) + (SECRET * 40)[:400]
    if codec == "opus":
        first, tags = b"OpusHead" + bytes(11), b"OpusTags" + comments
    else:
        first, tags = b"\x01vorbis" + bytes(23), b"\x03vorbis" + comments + b"\1"
    return (
        page([first], flags=2)
        + page([tags[:255]], number=1)
        + page([tags[255:], b"\x05vorbis-setup"], number=2, continued=True)
        + page([SOUND], flags=4, number=3)
    )


def song() -> bytes:
    """An MP3 with tags before, between and behind its frames."""
    frame = b"\xff\xfb\x90\x00" + b"S" * 413  # 128 kbit/s, 44.1 kHz
    first = frame[:36] + b"Info" + bytes(4) + b"LAME3.100" + frame[53:]
    tag = b"ID3\x03\0\0" + bytes([0, 0, 1, 0]) + (b"TPE1" + SECRET + frame[:40]).ljust(128, b"\0")
    old = b"TAG" + SECRET.ljust(125, b"\0")
    return tag + first + frame * 3 + tag + frame * 3 + b"APETAGEX" + SECRET + old


def bare_aac() -> bytes:
    """AAC frames behind an ID3 tag."""
    length = 100
    frame = bytes(
        [0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 255, (length & 7) << 5 | 31, 0xFC]
    ) + b"S" * (length - 7)
    tag = b"ID3\x04\0\0" + bytes([0, 0, 0, 64]) + SECRET.ljust(64, b"\0")
    return tag + frame * 5


def memo() -> bytes:
    """A WAVE file with an origin, a list of notes, and bytes behind its end."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    body = (
        b"WAVE"
        + chunk(b"bext", SECRET.ljust(602, b"\0"))
        + chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))
        + chunk(b"LIST", b"INFOIART" + struct.pack("<I", len(SECRET)) + SECRET)
        + chunk(b"data", SOUND)
        + chunk(b"iXML", SECRET)
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body + SECRET
