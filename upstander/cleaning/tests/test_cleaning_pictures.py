"""Pictures are made anew: only what can be seen stays."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from upstander.cleaning import pictures
from upstander.cleaning.kinds import HEAD, format_of
from upstander.cleaning.pictures import Picture
from upstander.cleaning.source import Unreadable
from upstander.cleaning.tests import samples
from upstander.cleaning.tests.samples import SECRET

PHOTOS = {
    "jpeg": (samples.jpeg(), "image/jpeg"),
    "png": (samples.png(), "image/png"),
    "heic": (samples.heic(), "image/jpeg"),
    "gif": (samples.moving_gif(), "image/webp"),
    "webp": (
        samples.saved(samples.drawing(), "WEBP", exif=samples.exif(), xmp=SECRET),
        "image/webp",
    ),
    "avif": (
        samples.saved(samples.drawing(), "AVIF", exif=samples.exif(), xmp=SECRET),
        "image/jpeg",
    ),
    "still gif": (samples.saved(samples.drawing(), "GIF", comment=SECRET), "image/png"),
}


@pytest.fixture(autouse=True)
def _prepared() -> None:
    pictures.prepare()


def made_anew(data: bytes) -> Picture:
    form = format_of(data[:HEAD])
    assert form is not None
    return pictures.made_anew(data, form)


def seen(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(("data", "content_type"), PHOTOS.values(), ids=PHOTOS)
def test_only_pixels_stay(data: bytes, content_type: str) -> None:
    assert SECRET in data
    picture = made_anew(data)
    assert picture.content_type == content_type
    for part in (picture.body, picture.thumbnail):
        assert SECRET not in part
        for mark in (b"Exif", b"<x", b"tIME", b"tEXt", b"PK\x03\x04", b"GPS"):
            assert mark not in part
        image = seen(part)
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp"} & set(image.info)


@pytest.mark.parametrize("make", [samples.jpeg, samples.heic])
def test_a_photo_is_turned_upright(make: Callable[[int], bytes]) -> None:
    upright = made_anew(make(6))  # turned by a quarter, clockwise
    image = seen(upright.body).convert("RGB")
    assert image.width < image.height
    assert (upright.width, upright.height) == image.size
    pixel = image.getpixel((image.width // 2, 4))
    assert isinstance(pixel, tuple)
    red, _, blue = pixel
    assert red > 150 > blue


def test_colours_of_another_profile_are_brought_to_srgb() -> None:
    # A profile whose red and blue are exchanged would show; one that is broken changes nothing.
    data = samples.saved(samples.drawing(), "JPEG", icc_profile=b"broken " + SECRET)
    picture = made_anew(data)
    assert SECRET not in picture.body
    assert seen(picture.body).size == (60, 40)


def test_see_through_parts_stay() -> None:
    image = samples.drawing(mode="RGBA")
    image.putalpha(100)
    out = seen(made_anew(samples.saved(image, "PNG")).body)
    assert out.mode == "RGBA"
    assert out.getpixel((0, 0)) == (220, 20, 20, 100)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_kind_of_pixels_can_be_read(mode: str) -> None:
    image = Image.new(mode, (9, 7)) if mode == "I;16" else samples.drawing(9, 7, mode)
    data = samples.saved(image, "JPEG" if mode == "CMYK" else "PNG")
    assert seen(made_anew(data).body).size == (9, 7)


def test_a_moving_picture_keeps_moving() -> None:
    image = seen(made_anew(samples.moving_gif()).body)
    assert getattr(image, "n_frames", 1) == 3


def test_thumbnail_is_small() -> None:
    picture = made_anew(samples.saved(samples.drawing(1500, 600), "JPEG"))
    assert seen(picture.thumbnail).size == (480, 192)


def test_a_photo_of_very_many_pixels_is_kept_at_half_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 2_000_000)
    picture = made_anew(samples.saved(samples.drawing(2000, 1200), "JPEG"))
    assert (picture.width, picture.height) == (1000, 600)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is very large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        bomb(60_000, 60_000),
        samples.jpeg()[:300],
        samples.png()[:-40],
        samples.heic()[:200],
        b"GIF89a<script>alert(1)</script>",
        b"\xff\xd8\xff" + b"<html>" * 50,
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=["bomb", "cut jpeg", "cut png", "cut heic", "script", "page", "nothing"],
)
def test_what_is_no_picture_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        made_anew(data)


def test_a_film_of_too_many_pixels_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_FILM_PIXELS", 5000)
    with pytest.raises(Unreadable):
        made_anew(samples.moving_gif())


def test_a_picture_that_is_a_page_as_well_is_only_a_picture() -> None:
    page = b"<html><script>alert(1)</script></html>"
    data = samples.saved(samples.drawing(), "GIF", comment=page) + page
    assert b"<script" not in made_anew(data).body
