"""What the worker does by itself: seals, gives checkpoints away, and says when it won't."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core import mail

from conftest import LoginRole as Role
from upstander.audit import sweeps as clock
from upstander.audit.giving import give_next, kept_outside
from upstander.audit.models import Checkpoint, Head
from upstander.audit.sealing import seal
from upstander.audit.signing import public_key, read_checkpoint, signer

type SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of the test's own for checkpoints."""
    clock._last.clear()
    monkeypatch.setattr(type(settings.HOME), "record", tmp_path / "record")
    return tmp_path / "record"


def write(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    owner.execute(
        "INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, detail)"
        " VALUES ('system', 'x', 'x', 'x', '{}')"
    )


def test_the_sweep_seals_and_then_rests(real_database: SignIn, record: Path) -> None:
    owner = real_database(Role.OWNER)
    write(owner)
    assert clock.sweep_seal() == 1
    assert read_checkpoint((record / "checkpoint").read_text(), public_key()).size == 1
    assert (record / "sealed").exists()
    write(owner)
    assert clock.sweep_seal() == 0
    clock._last.clear()
    assert clock.sweep_seal() == 1


def test_a_full_batch_is_followed_at_once(
    real_database: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = real_database(Role.OWNER)
    for _ in range(3):
        write(owner)
    monkeypatch.setattr(clock, "BATCH", 2)
    monkeypatch.setattr(clock, "seal", partial(seal, most=2))
    assert [clock.sweep_seal() for _ in range(3)] == [2, 1, 0]


def test_what_is_not_to_be_signed_is_told_and_forgotten_once_it_is_well(
    real_database: SignIn, record: Path
) -> None:
    write(real_database(Role.OWNER))
    record.mkdir()
    # Kept from another day: so many entries are not in this database.
    (record / "checkpoint").write_text(signer().sign(9, b"r" * 32, 1_790_000_000))
    assert clock.sweep_seal() == 0
    assert "taken away" in (record / "refused").read_text()
    assert Head.objects.get().size == 0
    (record / "checkpoint").unlink()
    clock._last.clear()
    assert clock.sweep_seal() == 1
    assert not (record / "refused").exists()


def a_night(day: int) -> Checkpoint:
    note = signer().sign(day, b"r" * 32, 1_790_000_000 + day)
    return Checkpoint.objects.create(at=NOW, size=day, note=note, day=date(2026, 11, day))


def test_a_night_is_given_to_each_that_is_named(
    db: None, settings: Any, tmp_path: Path, record: Path
) -> None:
    settings.RECORD_FOLDERS = [str(tmp_path / "share")]
    settings.RECORD_MAIL = ["monitor@outside.example", "board@outside.example"]
    Checkpoint.objects.create(at=NOW, size=1, note="by the minute")
    first, _ = a_night(1), a_night(2)
    assert give_next(NOW)
    for folder in (record / "nights", tmp_path / "share"):
        assert (folder / "checkpoint-2026-11-01.txt").read_text() == first.note
    assert [m.to for m in mail.outbox] == [["monitor@outside.example"], ["board@outside.example"]]
    assert first.note in mail.outbox[0].body
    assert [give_next(NOW), give_next(NOW)] == [True, False]
    # They are what `upstander audit verify` holds the database against.
    names = [Path(name).name for name, _ in kept_outside()]
    assert names == ["checkpoint-2026-11-01.txt", "checkpoint-2026-11-02.txt"] * 2


def test_who_cant_be_reached_holds_up_nobody_and_nobody_gets_it_twice(
    db: None, settings: Any, tmp_path: Path, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    settings.RECORD_FOLDERS = [str(tmp_path / "file" / "away"), str(tmp_path / "share")]
    settings.RECORD_MAIL = ["refused@outside.example", "monitor@outside.example"]
    sent: list[str] = []

    def send(message: mail.EmailMessage) -> int:
        if message.to[0].startswith("refused"):
            raise SMTPRecipientsRefused({})
        sent.append(f"{message.to[0]} {message.subject[-2:]}")
        return 1

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    a_night(1)
    assert clock.sweep_give() == 0
    a_night(2)
    for _ in range(3):
        clock._last.clear()
        assert clock.sweep_give() == 0
    assert sent == ["monitor@outside.example 01", "monitor@outside.example 02"]
    assert len(list((tmp_path / "share").iterdir())) == 2
    assert "2 of 5" in (record / "left-out").read_text()
    # No address lies on the disk.
    assert "outside" not in str([*(record / "mailed").iterdir()])
    settings.RECORD_FOLDERS, settings.RECORD_MAIL = [str(tmp_path / "share")], sent[0].split()[:1]
    clock._last.clear()
    assert clock.sweep_give() == 1
    assert not (record / "left-out").exists()
    assert len(sent) == 2


def test_what_is_kept_elsewhere_is_never_written_over(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.RECORD_FOLDERS = [str(tmp_path / "share")]
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "checkpoint-2026-11-01.txt").write_text("the one of then")
    a_night(1)
    assert give_next(NOW)
    assert (tmp_path / "share" / "checkpoint-2026-11-01.txt").read_text() == "the one of then"


def test_a_share_that_is_away_is_tried_again(db: None, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.RECORD_FOLDERS = [str(tmp_path / "file" / "no folder")]
    a_night(1)
    assert clock.sweep_give() == 0
    assert Checkpoint.objects.get().given_at is None
    settings.RECORD_FOLDERS = []
    assert clock.sweep_give() == 0, "not at once"
    clock._last.clear()
    assert clock.sweep_give() == 1
