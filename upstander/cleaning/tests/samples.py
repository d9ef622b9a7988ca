"""Files as phones, cameras and enemies make them, built by hand; ``SECRET`` must not survive."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin

SECRET = b"Hazelnut Lane 12"
WORDS = SECRET.decode()
#: 41° 18' 30" north, 72° 55' 40" west, as EXIF has it.
GPS = {1: "N", 2: (41.0, 18.0, 30.0), 3: "W", 4: (72.0, 55.0, 40.0)}


def exif(orientation: int = 1) -> Image.Exif:
    """Maker, model, owner, time and place."""
    told = Image.Exif()
    told[0x010F] = told[0x0110] = told[0x013B] = WORDS
    told[0x0112] = orientation
    told[0x0132] = "2024:03:05 08:09:10"
    told.get_ifd(0x8825).update(GPS)
    return told


def drawing(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), (220, 20, 20))
    image.paste((20, 20, 220), (width // 2, 0, width, height))
    return image.convert(mode)


def saved(image: Image.Image, form: str, **how: Any) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def jpeg(orientation: int = 1) -> bytes:
    """A phone's photo: EXIF with place, XMP, a comment, and a file hidden behind the picture."""
    return (
        saved(drawing(), "JPEG", exif=exif(orientation), comment=SECRET, xmp=b"<x>" + SECRET)
        + b"PK\x03\x04"
        + SECRET
    )


def png() -> bytes:
    """A screenshot with text chunks, EXIF and a time."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", WORDS)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{WORDS}</x>")
    notes.add(b"tIME", b"\x07\xe8\x03\x05\x08\x09\x0a")
    return saved(drawing(mode="RGBA"), "PNG", pnginfo=notes, exif=exif())


def heic(orientation: int = 6) -> bytes:
    """A phone's photo in HEIF."""
    pillow_heif.register_heif_opener()
    # As bytes: then the writer turns the picture by a property of HEIF, as phones do.
    told = exif(orientation).tobytes()
    return saved(drawing(64, 48), "HEIF", exif=told, xmp=b"<x>" + SECRET)


def moving_gif() -> bytes:
    """Three frames and a comment."""
    frames = [drawing().rotate(turn) for turn in (0, 90, 180)]
    return saved(
        frames[0], "GIF", save_all=True, append_images=frames[1:], duration=200, comment=SECRET
    )


def pdf() -> bytes:
    """A page with a photo, and everything around it that says more than the page."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(200, 100)).obj
    page.Contents = made.make_stream(b"q 60 0 0 40 20 20 cm /Im0 Do Q % he waits at the gate")
    photo = made.make_stream(
        jpeg(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=60,
        Height=40,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
        Metadata=made.make_stream(SECRET),
    )
    page.Resources = Dictionary(XObject=Dictionary(Im0=photo))
    script = Dictionary(S=Name.JavaScript, JS=String(WORDS))

    def note(**keys: Any) -> Dictionary:
        return Dictionary(
            Type=Name.Annot, Rect=Array([0, 0, 9, 9]), Contents=String("see here"), **keys
        )

    signed = made.make_indirect(
        note(Subtype=Name.Widget, FT=Name.Sig, V=Dictionary(Name=String(WORDS)))
    )
    page.Annots = Array(
        [
            note(Subtype=Name.Text, T=String(WORDS), M=String(WORDS), A=script),
            note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(WORDS))),
            signed,
        ]
    )
    page.AA = Dictionary(O=script)
    page.PieceInfo = Dictionary(Maker=Dictionary(Private=String(WORDS)))
    page.Thumb = made.make_stream(SECRET)
    made.Root.OpenAction = script
    made.Root.AF = Array([])
    made.Root.AcroForm = Dictionary(Fields=Array([signed]), XFA=String(WORDS))
    made.attachments["list.txt"] = SECRET
    made.docinfo["/Author"] = WORDS
    with made.open_metadata() as told:
        told["dc:creator"] = [WORDS]
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("one", 0))
        outline.root.append(pikepdf.OutlineItem("two", action=script))
    out = io.BytesIO()
    made.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue() + b"\nPK\x03\x04" + SECRET
