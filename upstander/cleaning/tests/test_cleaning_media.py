"""Sound and video: place, time and device are gone; what plays stays where it was."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from upstander.cleaning.child import answer
from upstander.cleaning.edits import apply, in_order, size_after, unpack
from upstander.cleaning.kinds import HEAD, Format, format_of
from upstander.cleaning.ogg import page_checksum
from upstander.cleaning.tests import samples_media as media
from upstander.cleaning.tests.samples import SECRET

BOXED = {
    "tables behind": media.movie(),
    "tables first": media.movie(tables_first=True),
    "QuickTime": media.movie(brand=b"qt  "),
    "raw sound": media.movie(raw_sound=True, brand=b"qt  "),
    "fragments": media.fragments(),
}
ALL = BOXED | {
    "webm": media.recording(),
    "webm, closed": media.recording(open_end=False),
    "matroska": media.recording(doctype=b"matroska"),
    "opus": media.voice_message(),
    "vorbis": media.voice_message("vorbis"),
    "mp3": media.song(),
    "aac": media.bare_aac(),
    "wave": media.memo(),
}


def cleaned(data: bytes, step: int = 1000) -> tuple[str, bytes]:
    """Return the content type and the clean file, streamed in chunks of ``step`` bytes."""
    form = format_of(data[:HEAD])
    assert form is not None
    head, _, plan = answer(form, io.BytesIO(data), len(data))
    assert "unreadable" not in head, head
    edits = in_order(unpack(plan), len(data))
    chunks = [data[at : at + step] for at in range(0, len(data), step)]
    out = b"".join(apply(chunks, edits))
    assert len(out) == size_after(len(data), edits)
    return head["content_type"], out


@pytest.mark.parametrize("data", ALL.values(), ids=ALL)
def test_what_says_who_where_and_when_is_gone(data: bytes) -> None:
    assert SECRET in data
    _, out = cleaned(data)
    for word in (SECRET[:8], b"GPS", b"41.3083", media.WHEN, b"LAME3.100", b"Gadget", b"MAKR"):
        assert word not in out


@pytest.mark.parametrize("data", ALL.values(), ids=ALL)
def test_the_sound_stays(data: bytes) -> None:
    _, out = cleaned(data)
    assert out.count(b"S" * 90) == data.count(b"S" * 90) > 0


@pytest.mark.parametrize("data", BOXED.values(), ids=BOXED)
def test_nothing_in_a_movie_is_moved(data: bytes) -> None:
    _, out = cleaned(data)
    assert len(out) == len(data)
    for piece in (media.PICTURE, media.SOUND, b"avcC", b"esds", b"stco"):
        assert out.count(piece) >= 1
        assert out.find(piece) == data.find(piece)
    assert out.count(media.PICTURE) == data.count(media.PICTURE)
    assert out.count(media.SOUND) == data.count(media.SOUND)


@pytest.mark.parametrize("data", ALL.values(), ids=ALL)
@pytest.mark.parametrize("step", [1, 7, 64, 10**6])
def test_the_size_of_the_chunks_does_not_matter(data: bytes, step: int) -> None:
    assert cleaned(data, step) == cleaned(data)


@pytest.mark.parametrize("data", ALL.values(), ids=ALL)
def test_what_is_clean_stays_as_it_is(data: bytes) -> None:
    _, out = cleaned(data)
    assert cleaned(out)[1] == out


def test_how_each_may_be_shown() -> None:
    assert {name: cleaned(data)[0] for name, data in ALL.items()} == {
        "tables behind": "video/mp4",
        "tables first": "video/mp4",
        "QuickTime": "video/mp4",
        "raw sound": "video/mp4",
        "fragments": "video/mp4",
        "webm": "video/webm",
        "webm, closed": "video/webm",
        "matroska": "video/x-matroska",
        "opus": "audio/ogg",
        "vorbis": "audio/ogg",
        "mp3": "audio/mpeg",
        "aac": "audio/aac",
        "wave": "audio/wav",
    }


def test_pages_of_an_emptied_comment_have_a_right_checksum() -> None:
    _, out = cleaned(media.voice_message())
    at = 0
    while at < len(out):
        lacing = out[at + 27 : at + 27 + out[at + 26]]
        page = out[at : at + 27 + len(lacing) + sum(lacing)]
        told, bare = page[22:26], page[:22] + bytes(4) + page[26:]
        assert page_checksum(bare).to_bytes(4, "little") == told
        at += len(page)


@pytest.mark.parametrize("data", ALL.values(), ids=ALL)
def test_a_file_cut_anywhere_is_cleaned_or_unreadable(data: bytes) -> None:
    form = format_of(data[:HEAD])
    assert form is not None
    for end in range(0, len(data), 23):
        cut = data[:end]
        head, _, plan = answer(form, io.BytesIO(cut), len(cut))
        if "unreadable" not in head:
            out = b"".join(apply([cut], in_order(unpack(plan), len(cut))))
            assert SECRET not in out


@pytest.mark.parametrize("make", [media.movie, media.recording, media.voice_message, media.song])
def test_a_spoilt_byte_breaks_nothing(make: Callable[[], bytes]) -> None:
    data = make()
    form = format_of(data[:HEAD])
    assert form is not None
    for at in range(0, len(data), 11):
        spoilt = bytearray(data)
        spoilt[at] ^= 0x81
        head, _, plan = answer(form, io.BytesIO(bytes(spoilt)), len(spoilt))
        if "unreadable" not in head:
            in_order(unpack(plan), len(spoilt))


def test_boxes_in_boxes_without_end_are_unreadable() -> None:
    data = b""
    for _ in range(3000):
        data = media.box(b"moov" if len(data) > 20_000 else b"trak", data)
    data = media.box(b"ftyp", b"isom") + media.box(b"moov", data)
    assert "unreadable" in answer(Format.MOVIE, io.BytesIO(data), len(data))[0]


def test_a_movie_of_no_picture_and_sound_is_unreadable() -> None:
    data = media.movie().replace(b"vide", b"text").replace(b"soun", b"text")
    assert "unreadable" in answer(Format.MOVIE, io.BytesIO(data), len(data))[0]


def test_a_movie_whose_media_is_elsewhere_is_unreadable() -> None:
    data = media.movie().replace(b"mdat", b"mdax")
    assert "unreadable" in answer(Format.MOVIE, io.BytesIO(data), len(data))[0]
