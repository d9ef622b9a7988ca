"""What a file is, told by its first bytes. Neither its name nor what the browser says counts."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

#: How many of the first bytes decide.
HEAD: Final = 64


class Kind(StrEnum):
    """How a file may be shown on the desk; ``OTHER`` is kept as it came and never shown."""

    IMAGE = "image"
    PDF = "pdf"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


class Format(StrEnum):
    """A format that can be cleaned."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    HEIF = "heif"
    AVIF = "avif"
    PDF = "pdf"
    MOVIE = "movie"  # ISO base media and QuickTime: mp4, m4a, mov, 3gp
    MATROSKA = "matroska"  # and WebM
    OGG = "ogg"
    WAVE = "wave"
    FRAMES = "frames"  # MP3 and bare AAC


#: Formats that are decoded and made anew. One that cannot be read is refused, not kept: its hidden
#: place and device data could not be taken out, and a screenshot of it says the same.
MADE_ANEW: Final = frozenset(
    {
        Format.JPEG,
        Format.PNG,
        Format.GIF,
        Format.WEBP,
        Format.HEIF,
        Format.AVIF,
        Format.PDF,
    }
)

_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
#: The boxes with which a movie may begin: QuickTime before 2001 knew no ``ftyp``.
_MOVIE_STARTS: Final = frozenset(
    {b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
)
_PLAIN: Final = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"%PDF-", Format.PDF),
    (b"\x1aE\xdf\xa3", Format.MATROSKA),
    (b"OggS", Format.OGG),
    (b"ID3", Format.FRAMES),
)


def format_of(head: bytes) -> Format | None:
    """Return the format that a file's first ``HEAD`` bytes promise, or None for any other.

    A promise only: whether the file keeps it is found out by reading it. What begins like a
    harmless format and is something else as well (a polyglot) loses that in the cleaning.
    """
    for magic, found in _PLAIN:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": Format.WEBP, b"WAVE": Format.WAVE}.get(head[8:12])
    if len(head) >= 8 and head[4:8] in _MOVIE_STARTS:
        return _by_brand(head)
    aac = head[:1] == b"\xff" and head[1:2] in (b"\xf0", b"\xf1", b"\xf8", b"\xf9")
    mp3 = head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 == 0xE2  # layer III
    return Format.FRAMES if aac or mp3 else None


#: How documents, archives and programs begin.
_TELLING: Final = (
    b"PK",  # docx, xlsx, odt, epub, apk, zip
    b"\xd0\xcf\x11\xe0",  # doc, xls, msg, msi
    b"{\\rtf",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"MZ",
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"L\0\0\0\x01\x14\x02\0",  # a shortcut
    b"#!",
    b"<",  # svg, html, xml
    b"<\0",
    b"\0<",
)
_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def tells_of_its_maker(head: bytes) -> bool:
    """Whether a file begins like a document, drawing, archive or program.

    Names of people and machines stand in them, at places that differ from one program to the next,
    and some of them do something when they are opened.
    """
    for mark in _ORDER_MARKS:
        head = head.removeprefix(mark)
    return head.lstrip().startswith(_TELLING) or head.startswith(_TELLING)


def _by_brand(head: bytes) -> Format:
    """Tell still pictures from movies: both are boxes (ISO/IEC 14496-12, 23008-12)."""
    if head[4:8] != b"ftyp":
        return Format.MOVIE
    brand = head[8:12]
    end = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[i : i + 4] for i in range(16, end, 4)}
    if brand in _AVIF_BRANDS or (brand in {b"mif1", b"msf1"} and compatible & _AVIF_BRANDS):
        return Format.AVIF
    return Format.HEIF if brand in _HEIF_BRANDS else Format.MOVIE
