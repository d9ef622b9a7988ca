"""Sealing: in an order that nothing late can precede, while others write, and after a restore."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from conftest import LoginRole as Role
from upstander.audit.models import Checkpoint, Head, Tile
from upstander.audit.sealing import SealRefused, begin_anew, seal
from upstander.audit.signing import Signer
from upstander.audit.tests.owner import SIGNER, Database, SignIn, findings, ids, write


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "record" / "checkpoint"


def test_no_entry_that_commits_late_is_skipped_and_nobody_waits(
    real_database: SignIn, kept: Path
) -> None:
    early, owner = real_database(Role.OWNER), real_database(Role.OWNER)
    now = datetime.now(UTC)
    early.execute("BEGIN")
    write(early, action="early, slow")
    write(owner, action="later, quick")
    # The quick one has a higher transaction number: sealing it first would pass the slow one by.
    assert seal(SIGNER, kept, now) == 0
    early.execute("COMMIT")
    assert seal(SIGNER, kept, now) == 2
    assert Tile.objects.get().entries == ids(owner)
    early.execute("BEGIN")
    write(early, action="given up")
    early.execute("ROLLBACK")
    write(owner)
    assert seal(SIGNER, kept, now) == 1
    assert findings(kept.read_text()) == []


def test_a_writer_commits_while_a_sealing_is_under_way(
    real_database: SignIn, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = real_database(Role.OWNER)
    write(owner)
    wrote: list[int] = []
    sign = Signer.sign

    def sign_slowly(self: Signer, size: int, root: bytes, at: int) -> str:
        # The head and tiles are locked at this moment.
        owner.execute("SET statement_timeout = '5s'")
        write(owner)
        wrote.append(size)
        return sign(self, size, root, at)

    monkeypatch.setattr(Signer, "sign", sign_slowly)
    assert seal(SIGNER, kept, datetime.now(UTC)) == 1
    assert wrote == [1]
    assert seal(SIGNER, kept, datetime.now(UTC)) == 1


def test_writers_and_sealers_all_at_once(real_database: SignIn, kept: Path) -> None:
    writers = [real_database(Role.OWNER) for _ in range(4)]
    done = threading.Event()

    def write_many(one: Database) -> None:
        for number in range(40):
            with one.transaction():
                write(one, 1 + number % 3)

    def seal_on() -> None:
        try:
            while not done.is_set():
                seal(SIGNER, kept, datetime.now(UTC))
        finally:
            connection.close()

    sealer = threading.Thread(target=seal_on)
    threads = [threading.Thread(target=write_many, args=(one,)) for one in writers]
    for thread in (sealer, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    sealer.join()
    seal(SIGNER, kept, datetime.now(UTC))
    (count,) = writers[0].execute("SELECT count(*) FROM audit_entry").fetchone() or (0,)
    assert Head.objects.get().size == count
    assert findings(kept.read_text()) == []


def test_the_worker_s_own_role_seals(real_database: SignIn, kept: Path) -> None:
    write(real_database(Role.OWNER), 300)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
    try:
        assert seal(SIGNER, kept, datetime.now(UTC)) == 300
        assert Checkpoint.objects.count() == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    assert findings(kept.read_text()) == []


def test_each_night_has_a_checkpoint_though_nothing_came(real_database: SignIn, kept: Path) -> None:
    write(real_database(Role.OWNER))
    now = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)
    for minutes in (0, 1, 2, 24 * 60 + 1):
        seal(SIGNER, kept, now + timedelta(minutes=minutes))
    assert [str(one.day) for one in Checkpoint.objects.order_by("id")] == [
        "2026-11-25",
        "2026-11-26",
        "2026-11-27",
    ]


def test_after_a_restore_the_count_begins_anew_and_nothing_is_lost(
    real_database: SignIn, kept: Path
) -> None:
    """A restored database's server counts transactions from the start again."""
    owner = real_database(Role.OWNER)
    write(owner, 2)
    seal(SIGNER, kept, datetime.now(UTC))
    write(owner, 2)
    # As though all that were of another server, whose count was far ahead.
    owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    owner.execute("UPDATE audit_entry SET xid = xid + 1000000000")
    owner.execute("UPDATE audit_head SET xid = xid + 1000000000")
    owner.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    write(owner)
    with pytest.raises(SealRefused, match="begin-anew"):
        seal(SIGNER, kept, datetime.now(UTC))
    assert begin_anew(SIGNER, kept, datetime.now(UTC)) == 3
    write(owner, 2)
    assert seal(SIGNER, kept, datetime.now(UTC)) == 2
    assert seal(SIGNER, kept, datetime.now(UTC)) == 0
    assert sorted(Tile.objects.get().entries) == sorted(ids(owner))
    assert findings(kept.read_text()) == []
