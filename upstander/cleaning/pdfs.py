"""PDFs written anew with what is needed to read them; pages look as before.

ISO 32000-2: document information (§14.3.3), XMP anywhere (§14.3.2), attached files (§7.11.4),
actions of every kind (§12.6), forms' scripts and XFA, signatures, page-piece data (§14.5), earlier
revisions and what hangs behind the end go. Photos in a PDF keep their pixels and lose their EXIF.
Runs in the sandboxed child only.
"""

from __future__ import annotations

import io
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from .boxes import boxes
from .source import Unreadable

_MOST_OBJECTS: Final = 500_000
#: Keys that go wherever they stand. Long names only: a short one may be some font's or picture's.
_GOES: Final = frozenset(
    {
        "/Metadata",
        "/PieceInfo",
        "/LastModified",
        "/OpenAction",
        "/JavaScript",
        "/EmbeddedFiles",
        "/XFA",
        "/SpiderInfo",
        "/RichMediaContent",
        "/RichMediaSettings",
        "/Renditions",
        "/PressSteps",
        "/AlternatePresentations",
    }
)
#: Keys that go from the catalogue, from pages, notes and streams.
_GOES_FROM_PARTS: Final = frozenset(
    {
        "/AA",
        "/AF",
        "/Thumb",
        "/Collection",
        "/Perms",
        "/DSS",
        "/Threads",
        "/URI",
        "/URLS",
        "/Legal",
        "/Requirements",
        "/AcroForm",
        "/Extensions",
        "/OPI",
        "/ID",
    }
)
#: What does something (§12.6.4), save going to a place in the document.
_ACTIONS: Final = frozenset(
    {
        "/GoToR",
        "/GoToE",
        "/GoToDp",
        "/Launch",
        "/URI",
        "/Sound",
        "/Movie",
        "/Hide",
        "/Named",
        "/SubmitForm",
        "/ResetForm",
        "/ImportData",
        "/SetOCGState",
        "/Rendition",
        "/Trans",
        "/GoTo3DView",
        "/JavaScript",
        "/RichMediaExecute",
    }
)
_FILE_KEYS: Final = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
#: Keys that go from annotations: author, dates, identifiers, what a click does.
_GOES_FROM_NOTES: Final = frozenset(
    {"/A", "/PA", "/T", "/M", "/CreationDate", "/NM", "/FS", "/MK", "/RC", "/Popup", "/IRT"}
)
_GOES_FROM_FIELDS: Final = frozenset({"/FT", "/Ff", "/V", "/DV", "/DA", "/Parent", "/Kids", "/Opt"})
#: Annotations that are not there to be read.
_NOTES_GO: Final = frozenset(
    {
        "/FileAttachment",
        "/Sound",
        "/Movie",
        "/Screen",
        "/RichMedia",
        "/3D",
        "/Link",
        "/Popup",
        "/TrapNet",
        "/PrinterMark",
    }
)
_JP2_GOES: Final = frozenset({b"uuid", b"xml ", b"uinf"})


def made_anew(data: bytes) -> bytes:
    """Return the PDF written anew. Raises Unreadable, also when it asks for a password."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _strip(pdf)
            out = io.BytesIO()
            # Only what a page still points to is written: earlier revisions fall away.
            pdf.save(
                out,
                encryption=False,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                fix_metadata_version=False,
            )
            return out.getvalue()
    except Unreadable:
        raise
    except Exception as error:  # as for pictures: hostile bytes raise anything
        raise Unreadable("the PDF does not open") from error


def _strip(pdf: pikepdf.Pdf) -> None:
    if len(pdf.objects) > _MOST_OBJECTS:
        raise Unreadable("too many objects")
    if not len(pdf.pages):
        raise Unreadable("no pages")
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if "/AcroForm" in pdf.Root:
        # A filled-in form must still show its answers once it is no form any more.
        pdf.generate_appearance_streams()
    for found in pdf.objects:
        _clean(found, 0)
        if isinstance(found, Stream):
            _drop(found, _GOES_FROM_PARTS)
            _clean_photo(found)
    _drop(pdf.Root, _GOES_FROM_PARTS)
    if "/Names" in pdf.Root:
        _drop(pdf.Root.Names, _GOES_FROM_PARTS)
    for page in pdf.pages:
        _drop(page.obj, _GOES_FROM_PARTS)
        _clean_notes(page.obj)
    _clean_layers(pdf)


def _drop(found: Object, keys: frozenset[str]) -> None:
    for key in keys & set(found.keys()):
        del found[key]


def _clean(found: object, depth: int) -> None:
    """Take what goes everywhere from an object and from what lies directly in it."""
    if depth > 40:
        raise Unreadable("nested without end")
    if isinstance(found, Array):
        for item in found.as_list():
            _clean_inside(item, depth)
    elif isinstance(found, Dictionary | Stream):
        for key in list(found.keys()):
            item = found[key]
            if key in _GOES or _is_action(item) or (key == "/EF" and _is_file(item)):
                del found[key]
            else:
                _clean_inside(item, depth)


def _clean_inside(item: object, depth: int) -> None:
    """Go on into a value, unless it is an object of its own, which is visited anyway."""
    if isinstance(item, Object) and not item.is_indirect:
        _clean(item, depth + 1)


def _is_action(item: object) -> bool:
    return isinstance(item, Dictionary) and str(item.get("/S")) in _ACTIONS


def _is_file(item: object) -> bool:
    return isinstance(item, Dictionary) and set(item.keys()) <= _FILE_KEYS


def _clean_notes(page: Object) -> None:
    notes = page.get("/Annots")
    if not isinstance(notes, Array):
        return
    kept = []
    for note in notes.as_list():
        if not isinstance(note, Dictionary) or str(note.get("/Subtype")) in _NOTES_GO:
            continue
        if str(note.get("/FT")) == "/Sig":  # names who signed, and when
            continue
        if str(note.get("/Subtype")) == "/Widget":
            # A field of a form that is no form any more: what it shows stays, as a stamp.
            note["/Subtype"] = Name.Stamp
            _drop(note, _GOES_FROM_FIELDS)
        _drop(note, _GOES_FROM_NOTES | _GOES_FROM_PARTS)
        kept.append(note)
    page["/Annots"] = Array(kept)


def _clean_layers(pdf: pikepdf.Pdf) -> None:
    """Take from layers who made them with what (``CreatorInfo`` in their usage)."""
    layers = pdf.Root.get("/OCProperties")
    groups = layers.get("/OCGs") if isinstance(layers, Dictionary) else None
    if isinstance(groups, Array):
        for group in groups.as_list():
            if isinstance(group, Dictionary) and "/Usage" in group:
                del group["/Usage"]


def _clean_photo(found: Stream) -> None:
    """Take EXIF and the like from a photo that lies in the PDF as its camera wrote it."""
    if found.get("/Subtype") != Name.Image:
        return
    filters = found.get("/Filter")
    names = [str(f) for f in filters.as_list()] if isinstance(filters, Array) else [str(filters)]
    told = found.get("/DecodeParms")
    how = told if isinstance(told, Dictionary | Array) else None
    if names == ["/DCTDecode"]:
        without = jpeg_without_notes(found.read_raw_bytes())
        found.write(without, filter=Name.DCTDecode, decode_parms=how)
    elif names == ["/JPXDecode"]:
        without = jp2_without_notes(found.read_raw_bytes())
        found.write(without, filter=Name.JPXDecode, decode_parms=how)


def jpeg_without_notes(data: bytes) -> bytes:
    """Return a JPEG without its notes (APP1 EXIF and XMP, APP3-13, APP15, comments).

    Its pixels, JFIF head, colour profile and Adobe's colour mark stay as they are (ITU-T T.81 §B).
    What cannot be followed is returned as it is: it is a photo inside a page, not the file.
    """
    if not data.startswith(b"\xff\xd8"):
        return data
    out = bytearray(b"\xff\xd8")
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return data
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            return bytes(out + data[at : end + 2 if end > at else len(data)])
        if marker not in (*range(0xE1, 0xE2), *range(0xE3, 0xEE), 0xEF, 0xFE):
            out += data[at : at + size]
        at += size
    return data


def jp2_without_notes(data: bytes) -> bytes:
    """Return a JPEG 2000 file without its boxes of XML and the like (ISO/IEC 15444-1 §I)."""
    if data[4:8] != b"jP  ":
        return data
    try:
        return b"".join(
            data[box.start : box.end]
            for box in boxes(data, 0, len(data))
            if box.name not in _JP2_GOES
        )
    except Unreadable:
        return data
