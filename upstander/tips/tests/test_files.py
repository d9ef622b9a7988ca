"""A reporter adds files: kept clean and encrypted, or refused with a reason."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from PIL import Image

from conftest import Cast
from upstander.cleaning import runner
from upstander.cleaning.kinds import Kind
from upstander.cleaning.tests import samples, samples_media
from upstander.cleaning.tests.samples import SECRET
from upstander.tips import files, reporter, storage
from upstander.tips.envelopes import open_data
from upstander.tips.files import FileRefused, RefusalReason, StoredFile, store_upload
from upstander.tips.models import Attachment


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of this test lie in a folder of its own."""
    folder = storage.DurableFolder(location=tmp_path / "files")
    monkeypatch.setattr(storage, "default_storage", folder)
    return tmp_path / "files"


def a_tip(cast: Cast, tile: str = "fight") -> str:
    new = reporter.NewTip(
        token=reporter.new_form_token(),
        text="There is a video of it.",
        language="en",
        tile=tile,
        school_id=cast.cedar.pk,
    )
    return reporter.file_tip(new).session_token


def stored(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.exists() else []


def about(token: str, file_id: UUID) -> Any:
    dialog = reporter.dialog_for(token)
    sealed = bytes(Attachment.objects.get(pk=file_id).sealed)
    return open_data(dialog.seed, purpose="file", tip=dialog.tip_id, row=file_id, sealed=sealed)


def opened(token: str, file_id: UUID) -> bytes:
    return b"".join(storage.open_file(reporter.dialog_for(token).seed, file_id))


def test_a_photo_is_kept_clean_with_a_small_one(cast: Cast, folder: Path) -> None:
    token = a_tip(cast)
    kept = store_upload(token, "IMG_1.HEIC", [samples.heic()])
    assert (kept.name, kept.kind) == ("IMG_1.jpg", Kind.IMAGE)
    body = opened(token, kept.id)
    assert len(body) == kept.size
    assert SECRET not in body
    told = about(token, kept.id)
    assert (told["content_type"], told["width"], told["height"]) == ("image/jpeg", 48, 64)
    small = files.open_thumbnail(reporter.dialog_for(token).seed, told)
    assert small is not None
    assert Image.open(io.BytesIO(b"".join(small))).size == (48, 64)
    assert stored(folder) == sorted([str(kept.id), told["thumbnail"]])
    assert [file.name for file in reporter.dialog_for(token).files] == ["IMG_1.jpg"]


def test_other_kinds_are_kept_clean(cast: Cast) -> None:
    token = a_tip(cast)
    for name, data, kind in (
        ("fight.mov", samples_media.movie(), Kind.VIDEO),
        ("chat.pdf", samples.pdf(), Kind.PDF),
        ("voice.opus", samples_media.voice_message(), Kind.AUDIO),
    ):
        kept = store_upload(token, name, [data[:100], b"", data[100:]])
        assert kept.kind is kind
        assert SECRET not in opened(token, kept.id)


def test_anything_else_is_kept_as_bytes_and_never_shown(cast: Cast) -> None:
    token = a_tip(cast)
    for name, data in (
        ("notes.txt", b"what they wrote to me"),
        ("broken.mp4", samples_media.movie()[:200]),
        ("photo.jpg", b"something called a photo"),
    ):
        kept = store_upload(token, name, [data])
        assert kept.kind is Kind.OTHER
        assert opened(token, kept.id) == data
        headers = files.download_headers(about(token, kept.id))
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["Content-Disposition"].startswith("attachment")


def document() -> bytes:
    """Return what a word processor saves: its writer's name stands in it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("docProps/core.xml", b"<dc:creator>" + SECRET + b"</dc:creator>")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("essay.docx", document()),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)),
        ("letter.rtf", b"{\\rtf1{\\info{\\author me}}}"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("drawing.svg", b"\xef\xbb\xbf\n  <?xml version='1.0'?><svg/>"),
        ("drawing.svg", "<svg/>".encode("utf-16")),
        ("page.html", b"<html><script>alert(1)</script>"),
        ("game.exe", b"MZ" + bytes(100)),
        ("photo.jpg", b"MZ called a photo"),
        ("run", b"#!/bin/sh\n"),
        ("run", b"\x7fELF" + bytes(100)),
        ("all.zip", b"PK\x03\x04" + bytes(1000)),
        ("all.gz", b"\x1f\x8b" + bytes(100)),
    ],
)
def test_what_may_name_its_maker_and_cannot_be_cleaned_is_refused(
    cast: Cast, folder: Path, name: str, data: bytes
) -> None:
    token = a_tip(cast)
    with pytest.raises(FileRefused) as refused:
        store_upload(token, name, [data])
    assert refused.value.reason is RefusalReason.NOT_CLEANABLE
    assert stored(folder) == []
    assert reporter.dialog_for(token).messages[0].text == "There is a video of it."


def test_refusals_say_why_and_keep_nothing(cast: Cast, folder: Path) -> None:
    token = a_tip(cast)
    for data, reason in (
        ([], RefusalReason.EMPTY),
        ([b""], RefusalReason.EMPTY),
        ([samples.jpeg()[:200]], RefusalReason.NOT_READABLE),
        ([b"%PDF-1.7 nothing"], RefusalReason.NOT_READABLE),
    ):
        with pytest.raises(FileRefused) as refused:
            store_upload(token, "a.jpg", data)
        assert refused.value.reason is reason
    assert stored(folder) == []
    assert reporter.dialog_for(token).messages[0].text == "There is a video of it."


def test_one_byte_more_than_allowed_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    token = a_tip(cast)
    assert files.MOST_BYTES == 100 * 1024 * 1024
    monkeypatch.setattr(files, "MOST_BYTES", 300_000)
    assert store_upload(token, "a.bin", [bytes(100_000)] * 3).size == 300_000
    with pytest.raises(FileRefused) as refused:
        store_upload(token, "a.bin", [*[bytes(100_000)] * 3, b"x"])
    assert refused.value.reason is RefusalReason.TOO_BIG


def test_no_file_on_the_tile_about_pictures(cast: Cast) -> None:
    with pytest.raises(FileRefused) as refused:
        store_upload(a_tip(cast, "images"), "a.png", [samples.png()])
    assert refused.value.reason is RefusalReason.NOT_ALLOWED_HERE


def test_so_many_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 1)
    token = a_tip(cast)
    store_upload(token, "a.txt", [b"one"])
    with pytest.raises(FileRefused) as refused:
        store_upload(token, "b.txt", [b"two"])
    assert refused.value.reason is RefusalReason.TOO_MANY


def test_a_full_disk_is_said_and_leaves_nothing(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "RESERVE_BYTES", 1 << 60)
    with pytest.raises(FileRefused) as refused:
        store_upload(a_tip(cast), "a.txt", [b"words"])
    assert refused.value.reason is RefusalReason.NO_ROOM
    assert stored(folder) == []


def test_when_many_are_at_it_the_reporter_may_try_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_QUEUE_SECONDS", 0.01)
    for _ in range(2):
        runner._SLOTS.acquire()
    try:
        with pytest.raises(FileRefused) as refused:
            store_upload(a_tip(cast), "a.png", [samples.png()])
    finally:
        for _ in range(2):
            runner._SLOTS.release()
    assert refused.value.reason is RefusalReason.TRY_AGAIN


def test_a_session_that_ends_meanwhile_leaves_no_bytes(cast: Cast, folder: Path) -> None:
    token = a_tip(cast)

    def ended_meanwhile() -> Iterator[bytes]:
        yield samples.png()
        reporter.close_session(token)

    with pytest.raises(reporter.SessionOver):
        store_upload(token, "a.png", ended_meanwhile())
    assert stored(folder) == []


def test_a_line_that_breaks_leaves_no_bytes(cast: Cast, folder: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield samples.png()
        raise ConnectionResetError

    token = a_tip(cast)
    with pytest.raises(ConnectionResetError):
        store_upload(token, "a.png", breaking())
    assert stored(folder) == []
    assert reporter.dialog_for(token).files == ()


def _on_disk(*folders: Path) -> Iterator[bytes]:
    """All that lies in files of these folders, and in those without a name that we hold."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path.name.encode() + path.read_bytes()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            target = str(handle.readlink())
        except OSError:
            continue
        if target.startswith(str(settings.HOME.root)) and "postgres" not in target:
            yield handle.read_bytes()


def test_no_clear_byte_lies_on_the_disk_while_it_comes_and_after(cast: Cast, folder: Path) -> None:
    token = a_tip(cast)
    words = b"he keeps it in the blue locker. " * 20_000
    looked = []

    def coming() -> Iterator[bytes]:
        for at in range(0, len(words), 50_000):
            yield words[at : at + 50_000]
            held = list(_on_disk(folder, settings.HOME.run))
            assert not [data for data in held if b"blue locker" in data]
            looked.append(sum(map(len, held)))

    kept = store_upload(token, "locker.txt", coming())
    assert max(looked) > 500_000  # the spool was there to be looked into
    assert opened(token, kept.id) == words
    held = list(_on_disk(folder, settings.HOME.run))
    assert held
    assert not [data for data in held if b"blue locker" in data or b"locker.txt" in data]


def test_memory_does_not_grow_with_the_file(cast: Cast) -> None:
    token = a_tip(cast)
    film = samples_media.movie(tables_first=True) + samples_media.box(b"free", bytes(12_000_000))
    pieces = [film[at : at + 64_000] for at in range(0, len(film), 64_000)]
    tracemalloc.start()
    try:
        kept = store_upload(token, "film.mp4", pieces)
        for _ in storage.open_file(reporter.dialog_for(token).seed, kept.id):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept.kind is Kind.VIDEO
    assert peak < 3_000_000


def test_only_cleaned_kinds_are_shown_and_nothing_runs() -> None:
    for kind, content_type, shown in (
        (Kind.IMAGE, "image/jpeg", True),
        (Kind.VIDEO, "video/mp4", True),
        (Kind.AUDIO, "audio/ogg", True),
        (Kind.PDF, "application/pdf", False),
        (Kind.OTHER, "text/html", False),
    ):
        headers = files.download_headers(
            {"kind": kind, "content_type": content_type, "name": "lo que pasó.x"}
        )
        assert headers["Content-Disposition"].startswith("inline" if shown else "attachment")
        assert "filename*=utf-8''lo%20que%20pas%C3%B3.x" in headers["Content-Disposition"]
        assert headers["Content-Type"] != "text/html"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_returned_tells_nothing_of_its_maker(cast: Cast) -> None:
    kept = store_upload(a_tip(cast), "../\u202egpj.exe\0", [b"ab"])
    assert kept == StoredFile(kept.id, "gpj.exe.bin", 2, Kind.OTHER)
