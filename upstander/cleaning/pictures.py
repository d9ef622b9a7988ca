"""Pictures made anew from their pixels: nothing else of the file is taken over.

So EXIF (place, time, device, owner), XMP, IPTC, comments, thumbnails of an uncut picture, maker
notes, the film inside a "motion photo" and whatever hangs behind the picture are gone, without a
list of what they are called. Runs in the sandboxed child only.
"""

from __future__ import annotations

import io
from typing import Any, Final, NamedTuple

import pillow_heif
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from .kinds import Format
from .source import Unreadable

#: What a picture may hold once decoded, in pixels; a JPEG beyond it is read at half its size.
MOST_PIXELS: Final = 64_000_000
#: A film made of pictures may hold that many in all.
MOST_FILM_PIXELS: Final = 200_000_000
MOST_FRAMES: Final = 600
THUMBNAIL: Final = 480

_OPENS: Final = {
    Format.JPEG: ("JPEG", "MPO"),
    Format.PNG: ("PNG",),
    Format.GIF: ("GIF",),
    Format.WEBP: ("WEBP",),
    Format.HEIF: ("HEIF",),
    Format.AVIF: ("AVIF",),
}
#: Written as what: HEIF and AVIF as JPEG, since not every desk can show them.
_WRITES: Final = {
    Format.JPEG: "JPEG",
    Format.PNG: "PNG",
    Format.GIF: "PNG",
    Format.WEBP: "WEBP",
    Format.HEIF: "JPEG",
    Format.AVIF: "JPEG",
}
_TYPES: Final = {
    "JPEG": ("image/jpeg", "jpg", {"quality": 90}),
    "PNG": ("image/png", "png", {"compress_level": 4}),
    "WEBP": ("image/webp", "webp", {"quality": 90, "method": 3}),
}
_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
#: Named so that they are imported, and registered with Pillow, before the sandbox closes.
PLUGINS: Final = (
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)


class Picture(NamedTuple):
    """A picture made anew, and a small one of at most 480 pixels a side (WebP)."""

    content_type: str
    extension: str
    width: int
    height: int
    thumbnail: bytes
    body: bytes


def prepare() -> None:
    """Load all that Pillow would load on demand: inside the sandbox nothing can be opened."""
    Image.preinit()
    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    # Our own limit is checked on the header; Pillow's warning would go to nobody.
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def made_anew(data: bytes, form: Format) -> Picture:
    """Return the picture in ``data`` made anew. Raises Unreadable.

    Whatever the decoders raise on hostile bytes means the same here, and the child has nobody to
    report it to: hence the broad except.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_OPENS[form]) as image:
            frames = getattr(image, "n_frames", 1)
            if form in (Format.GIF, Format.WEBP, Format.PNG) and frames > 1:
                return _film(image, frames)
            return _still(image, form)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("the picture does not decode") from error


def _still(image: ImageFile.ImageFile, form: Format) -> Picture:
    if form is Format.JPEG and _pixels(image) > MOST_PIXELS:
        image.draft(image.mode, (image.width // 2, image.height // 2))
    if _pixels(image) > MOST_PIXELS:
        raise Unreadable("the picture is too large")
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    plain = _bare(_in_srgb(image))
    name = _WRITES[form]
    if name == "JPEG" and plain.mode in ("RGBA", "LA"):
        name = "PNG"
    content_type, extension, how = _TYPES[name]
    body = io.BytesIO()
    plain.save(body, name, **how)
    return Picture(
        content_type, extension, plain.width, plain.height, _small(plain), body.getvalue()
    )


def _film(image: ImageFile.ImageFile, frames: int) -> Picture:
    """Make a moving picture anew, as WebP; the small one shows its beginning."""
    if frames > MOST_FRAMES or frames * _pixels(image) > MOST_FILM_PIXELS:
        raise Unreadable("the moving picture is too large")
    small = _small(_bare(image.convert("RGBA")))
    image.seek(0)
    body = io.BytesIO()
    # Each of these would else be taken over from the file.
    nothing: dict[str, Any] = {"exif": b"", "xmp": b"", "icc_profile": b""}
    image.save(body, "WEBP", save_all=True, quality=85, method=2, **nothing)
    return Picture("image/webp", "webp", image.width, image.height, small, body.getvalue())


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB: a colour profile can name a screen or a camera, so none stays."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        # 16 bits of grey: the upper half of each is what a screen shows.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    alpha = "A" in image.getbands() or "transparency" in image.info
    if image.mode in ("L", "1"):
        return image.convert("LA" if alpha else "L")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            told = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, told, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            changed = None  # a broken profile: better wrong colours than no picture
        if changed is not None:
            return changed
    return image.convert("RGBA" if alpha else "RGB")


def _bare(image: Image.Image) -> Image.Image:
    """Return the pixels alone: writers take comments, profiles and more from ``info``."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def _small(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    out = io.BytesIO()
    small.convert("RGBA" if "A" in small.mode else "RGB").save(out, "WEBP", quality=75, method=3)
    return out.getvalue()
