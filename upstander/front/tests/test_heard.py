"""A recording is given like a style sheet, and nothing else of the data folder is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from upstander.config.home import Home
from upstander.doors.recordings import DIGITS, folder_of, hash_of
from upstander.front.tests.wire import Behind, Got, ask, gate
from upstander.tips.tests.loops import apart

SOUND = bytes(range(200))
ADDRESS = f"/heard/en/{hash_of('Send it')[:DIGITS]}"


@pytest.fixture
def recorded(settings: Settings, tmp_path: Path) -> Path:
    """A data folder with one recording, and things that are nobody's business."""
    settings.HOME = Home(tmp_path)
    folder_of("en").mkdir(parents=True)
    (folder_of("en") / f"{hash_of('Send it')}.wav").write_bytes(SOUND)
    (folder_of("en") / "0123456789.key").write_bytes(b"secret")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "0123456789.wav").write_bytes(b"secret")
    return tmp_path


def heard(behind: Behind, folder: Path, path: str, **headers: str) -> Got:
    """Ask the gate, as a browser on a phone does."""
    return apart(ask(gate(behind, folder), path, headers=headers))


def test_recording_comes_whole_or_in_part(recorded: Path) -> None:
    whole = heard(Behind(), recorded, ADDRESS)
    assert (whole.status, whole.body) == (200, SOUND)
    assert whole.headers["content-type"] == "audio/wav"
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    for asked, status, body in (
        ("bytes=0-1", 206, SOUND[:2]),
        ("bytes=150-", 206, SOUND[150:]),
        ("bytes=150-9999", 206, SOUND[150:]),
        ("bytes=200-", 416, b""),
        ("bytes=5-2", 416, b""),
        ("bytes=-5", 200, SOUND),
        ("bytes=0-1,3-4", 200, SOUND),
        (f"bytes=0-{'9' * 5000}", 200, SOUND),
    ):
        part = heard(Behind(), recorded, ADDRESS, range=asked)
        assert (part.status, part.body) == (status, body), asked
        assert int(part.headers["content-length"]) == len(body)
    assert heard(Behind(), recorded, ADDRESS, range="bytes=0-1").headers["content-range"] == (
        "bytes 0-1/200"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/heard/../keys/0123456789",
        "/heard/en/../../keys/0123456789",
        "/heard/en/%2e%2e%2fkeys",
        "/heard/en/0123456789",
        "/heard/en/*",
        "/heard/en/**********",
        "/heard/en/[0-9a-f]*",
        f"{ADDRESS}\n",
        f"{ADDRESS}.wav",
        f"/heard/en/{hash_of('Send it')}",
        f"/heard/es/{hash_of('Send it')[:DIGITS]}",
        f"/heard/xx/{hash_of('Send it')[:DIGITS]}",
        "/heard/",
    ],
)
def test_no_address_leads_out_of_the_recordings(recorded: Path, path: str) -> None:
    got = heard(Behind(), recorded, path)
    assert got.status == 404
    assert b"secret" not in got.body


def test_who_hears_leaves_no_more_than_who_reads(
    recorded: Path, caplog: pytest.LogCaptureFixture
) -> None:
    behind = Behind()
    before = sorted(recorded.rglob("*"))
    with caplog.at_level(0):
        got = heard(behind, recorded, ADDRESS, cookie="__Host-s=x", referer="https://a.example/")
        heard(behind, recorded, f"{ADDRESS[:-1]}0")
    assert "set-cookie" not in got.headers
    assert behind.seen == [], "no view, no count, no database"
    assert [said for said in caplog.records if said.name.startswith("upstander")] == []
    assert sorted(recorded.rglob("*")) == before
