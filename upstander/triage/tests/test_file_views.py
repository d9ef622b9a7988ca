"""Files on the desk: whole, in parts, small; and in words when they can't be shown."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from upstander.audit.models import Entry
from upstander.cleaning.tests import samples, samples_media
from upstander.cleaning.tests.streams import whole
from upstander.tips import reporter, storage
from upstander.tips.files import StoredFile, store_upload
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip
from upstander.triage.file_views import wanted_part

if TYPE_CHECKING:
    from conftest import Cast


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of this test lie in a folder of its own."""
    monkeypatch.setattr(storage, "default_storage", storage.DurableFolder(location=tmp_path / "f"))
    return tmp_path / "f"


class Sent:
    """A tip with one file, as Alice has it."""

    def __init__(self, cast: Cast, name: str, data: bytes) -> None:
        filed = reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(),
                text="There is a video of it.",
                language="en",
                tile="fight",
                school_id=cast.cedar.pk,
            )
        )
        self.cast, self.tip, self.session = cast, filed.tip_id, filed.session_token
        self.file: StoredFile = store_upload(filed.session_token, name, [data])
        claim_tip(cast.viewer("alice"), filed.tip_id)

    def get(self, name: str = "alice", small: str = "", **headers: str) -> Any:
        address = f"/tips/{self.tip}/files/{self.file.id}{small}"
        return self.cast.client(name).get(address, headers=headers)

    def clear(self) -> bytes:
        return b"".join(storage.open_file(reporter.dialog_for(self.session).seed, self.file.id))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-99", range(100)),
        ("bytes=500-", range(500, 1000)),
        ("bytes=990-2000", range(990, 1000)),
        ("bytes=-10", range(990, 1000)),
        ("bytes=-5000", range(1000)),
        ("bytes=1000-", range(1000, 1000)),
        ("bytes=5000-6000", range(5000, 1000)),
        ("bytes=-0", range(1000, 1000)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=٣-٤", None),
        ("bytes=x-y", None),
        ("", None),
    ],
)
def test_which_part_is_asked_for(asked: str, expected: range | None) -> None:
    part = wanted_part({"Range": asked}, 1000)
    assert part == expected
    if expected is not None:
        assert bool(part) == bool(expected)
        assert wanted_part({"Range": asked, "If-Range": '"x"'}, 1000) is None


@given(st.text(max_size=60), st.integers(0, 10**12))
def test_any_words_are_taken_for_a_range_that_lies_in_the_file(asked: str, size: int) -> None:
    for header in (asked, f"bytes={asked}"):
        part = wanted_part({"Range": header}, size)
        assert not part or 0 <= part.start < part.stop <= size


@pytest.mark.django_db
def test_a_picture_is_shown_and_small_as_well(cast: Cast) -> None:
    sent = Sent(cast, "IMG_1.HEIC", samples.heic())
    answer = sent.get()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Accept-Ranges"] == "bytes"
    assert whole(answer) == sent.clear()
    assert int(answer["Content-Length"]) == sent.file.size
    small = sent.get(small="/small")
    assert small["Content-Type"] == "image/webp"
    assert small["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(whole(small))).format == "WEBP"
    page = cast.client("alice").get(f"/tips/{sent.tip}").content.decode()
    assert f'src="/tips/{sent.tip}/files/{sent.file.id}/small"' in page
    assert 'loading="lazy"' in page, "nobody must see a picture before they ask for it"


@pytest.mark.django_db
def test_a_film_is_sent_in_parts(cast: Cast) -> None:
    sent = Sent(cast, "fight.mov", samples_media.movie())
    clear = sent.clear()
    part = sent.get(Range="bytes=10-19")
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 10-19/{len(clear)}"
    assert part["Content-Length"] == "10"
    assert part["Content-Type"].startswith("video/")
    assert whole(part) == clear[10:20]
    assert whole(sent.get(Range="bytes=-7")) == clear[-7:]
    beyond = sent.get(Range=f"bytes={len(clear)}-")
    assert beyond.status_code == 416
    assert beyond["Content-Range"] == f"bytes */{len(clear)}"


@pytest.mark.django_db
def test_a_part_far_into_a_big_file(cast: Cast) -> None:
    # Not drawn by lot: now and then bytes begin like a program, and such a file is refused.
    data = (bytes(range(1, 252)) * 1200)[:300_000]
    sent = Sent(cast, "notes.bin", data)
    part = sent.get(Range="bytes=200000-200009")
    assert part.status_code == 206
    assert whole(part) == data[200_000:200_010]
    assert part["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_many_parts_are_many_entries_and_one_line_of_the_history(cast: Cast) -> None:
    sent = Sent(cast, "fight.mov", samples_media.movie())
    for start in range(4):
        sent.get(Range=f"bytes={start}-")
    assert Entry.objects.filter(action="file opened").count() == 4
    page = cast.client("alice").get(f"/tips/{sent.tip}").content.decode()
    assert page.count("Opened a file") == 1


@pytest.mark.django_db
def test_the_schools_team_opens_it_by_the_same_address(cast: Cast) -> None:
    sent = Sent(cast, "IMG_1.jpg", samples.jpeg())
    for small in ("", "/small"):
        assert sent.get("tom", small).status_code == 404, "not theirs yet"
    hand_off(
        open_tip(cast.viewer("alice"), sent.tip),
        [cast.teams["cedar"].pk],
        "A brief.",
        with_words=True,
        words_reason="To know whom.",
    )
    assert whole(sent.get("tom")) == sent.clear()
    assert sent.get("tom", "/small").status_code == 200
    for name, status in (("charlie", 404), ("cora", 404), ("ada", 403)):
        for small in ("", "/small"):
            assert sent.get(name, small).status_code == status, name


@pytest.mark.django_db
def test_a_lost_file_is_a_page_in_words(cast: Cast, folder: Path) -> None:
    sent = Sent(cast, "IMG_1.jpg", samples.jpeg())
    for path in folder.iterdir():
        path.unlink()
    for small in ("", "/small"):
        answer = sent.get(small=small)
        assert answer.status_code == 404
        assert "This file is lost." in answer.content.decode()
    assert sent.get(Range="bytes=0-1").status_code == 404


@pytest.mark.django_db
def test_a_changed_file_is_a_page_in_words_and_none_of_its_bytes(cast: Cast, folder: Path) -> None:
    sent = Sent(cast, "IMG_1.jpg", samples.jpeg())
    path = folder / str(sent.file.id)
    changed = bytearray(path.read_bytes())
    changed[100] ^= 1
    path.write_bytes(changed)
    answer = sent.get()
    assert answer.status_code == 404
    assert "can’t be opened" in answer.content.decode()


@pytest.mark.django_db
def test_a_file_without_a_small_picture_has_none(cast: Cast) -> None:
    sent = Sent(cast, "notes.txt", b"She said it on Monday.")
    assert sent.get(small="/small").status_code == 404
    assert (
        f"{sent.file.id}/small"
        not in cast.client("alice").get(f"/tips/{sent.tip}").content.decode()
    )
    unknown = f"/tips/{sent.tip}/files/{UUID(int=1)}"
    assert cast.client("alice").get(unknown).status_code == 404
    assert cast.client("alice").get(f"{unknown}/small").status_code == 404
