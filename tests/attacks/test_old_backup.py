"""Forgotten means forgotten: an old backup is restored, and what went after it opens for nobody.

A tip goes through the center and a school's team to its end, and the database is dumped as
``upstander backup`` does it. Two persons let the tip go, and the night renews the key file. Then
the old database comes back, once with the old key file and the list of what has gone, once with the
file that is in force. The command itself: ``upstander/command/tests/test_setup_and_backup.py``.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from conftest import Cast
from upstander.command.dumps import connection_environment
from upstander.command.postgres import program
from upstander.config.database import Role, conninfo_for
from upstander.decisions.actions import close_tip
from upstander.people import public
from upstander.retention import actions
from upstander.retention import sweeps as due
from upstander.retention.copies import TOMBSTONES, expire_copies, read_list, write_list
from upstander.retention.models import Item
from upstander.retention.tests.setup import as_worker, confirm_keeping, file, set_clock
from upstander.retention.tombstones import replay, write_down
from upstander.tips import reporter
from upstander.tips.opening import NotGranted, open_tip, read_contents
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip
from upstander.vault import sweeps as renewal
from upstander.vault.errors import SealBroken
from upstander.vault.models import ShredFile
from upstander.vault.shred_files import ShredFiles, TwoPlaces

START = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)
LATER = START + timedelta(days=100)
WORDS = "Words of a child."


@dataclass
class Told:
    """One tip: its id, and what its reporter keeps."""

    tip: UUID
    code: str


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShredFiles:
    """Key files of the test's own: those of the run are shared."""
    folder = tmp_path / "shred"
    folder.mkdir(mode=0o700)
    (tmp_path / "second").mkdir(mode=0o700)
    own, second = ShredFiles(folder), ShredFiles(tmp_path / "second")
    own.make(1)
    second.put(1, own.key(1))
    monkeypatch.setattr(settings, "SHRED_FILES", own)
    monkeypatch.setattr(settings, "SHRED_PLACES", TwoPlaces(own, second))
    monkeypatch.setattr(renewal, "_reached", [0])
    return own


def ended(cast: Cast) -> Told:
    """A tip that a counselor handed to Cedar's team, and the team closed as nothing."""
    filed = file(cast)
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    hand_off(
        open_tip(alice, filed.tip_id),
        [cast.teams["cedar"].pk],
        "A brief.",
        with_words=True,
        words_reason="They know the child.",
    )
    close_tip(open_tip(cast.viewer("tara"), filed.tip_id), "unfounded", "Nobody there.")
    return Told(filed.tip_id, str(filed.code))


def opened_by(cast: Cast, told: Told) -> set[str]:
    """Return who reads the child's words: counselor, school's team, reporter by return code."""
    found = set()
    for name in ("alice", "tara"):
        try:
            contents = read_contents(open_tip(cast.viewer(name), told.tip))
        except NotGranted:
            continue
        if WORDS in [turn.text for turn in contents.turns]:
            found.add(name)
    token = reporter.open_with_code(told.code)
    if token and WORDS in [said.text for said in reporter.dialog_for(token).messages]:
        found.add("reporter")
    return found


@contextmanager
def brought_back(dump: Path) -> Iterator[None]:
    """The dump in a database of its own, which the desk and the public site now use."""
    usual, name = connection.settings_dict["NAME"], f"restored_{uuid4().hex[:8]}"
    owner = conninfo_for(Role.OWNER, settings.HOME)
    connection.close()
    with psycopg.connect(owner, dbname="postgres", autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        try:
            postgresql("pg_restore", f"--dbname={name}", "--no-owner", "--exit-on-error", str(dump))
            connection.settings_dict["NAME"] = name
            public._kept.clear()
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            postgres.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def postgresql(name: str, *arguments: str) -> None:
    subprocess.run(
        [program(name), "--no-password", *arguments],
        env=connection_environment(settings.HOME) | {"PGDATABASE": _name()},
        check=True,
        capture_output=True,
    )


def _name() -> str:
    name: str = connection.settings_dict["NAME"]
    return name


EVERYBODY = {"alice", "tara", "reporter"}


@pytest.mark.slow
def test_an_old_backup_brings_nothing_back_that_has_gone(
    committed_cast: Cast, files: ShredFiles, tmp_path: Path
) -> None:
    cast = committed_cast
    set_clock(START)
    ShredFile.objects.all().delete()
    renewal.renew(settings.SHRED_PLACES)
    gone, kept = ended(cast), ended(cast)
    assert opened_by(cast, gone) == opened_by(cast, kept) == EVERYBODY

    # Backed up: the database to one place, the key file to another.
    dump, copy = tmp_path / "database.dump", tmp_path / "copy"
    postgresql("pg_dump", "--format=custom", f"--file={dump}", _name())
    shutil.copytree(files.folder, copy)

    # Two let it go; the night renews the key file, and the list of what has gone is kept.
    set_clock(LATER)
    confirm_keeping(cast)
    due.list_due()
    item = Item.objects.get(subject=gone.tip)
    assert actions.propose(cast.viewer("sam"), [item.pk]) == 1
    assert actions.agree(cast.viewer("dee"), [item.pk]) == 1
    set_clock(LATER + timedelta(days=1, minutes=1))
    assert as_worker(due.dispose) == 1
    while renewal.renew(settings.SHRED_PLACES):
        pass
    set_clock(LATER + timedelta(days=1, minutes=20))
    while renewal.renew(settings.SHRED_PLACES):
        pass
    assert files.versions() == [2]
    write_down(tmp_path)
    assert opened_by(cast, gone) == set()
    assert opened_by(cast, kept) == EVERYBODY

    in_force = tmp_path / "in force"
    shutil.copytree(files.folder, in_force)
    with brought_back(dump):
        # With its own key file the old database opens: so the test sees what it is about.
        use(files, copy)
        assert opened_by(cast, gone) == EVERYBODY
        # Within the window, as `restore` does it: shut for everybody, and only what has gone.
        replay(read_list(tmp_path / TOMBSTONES), "then")
        assert opened_by(cast, gone) == set()
        assert opened_by(cast, kept) == EVERYBODY
    with brought_back(dump):
        # Once the copies have expired there is the file in force alone: nothing old opens by it.
        use(files, in_force)
        assert opened_by(cast, gone) == set()
        # Nor under the old one's name.
        use(files, in_force, name="1")
        with pytest.raises(SealBroken):
            opened_by(cast, gone)


def use(files: ShredFiles, source: Path, name: str = "") -> None:
    """Put other key files in force."""
    shutil.rmtree(files.folder)
    shutil.copytree(source, files.folder)
    if name:
        next(files.folder.iterdir()).rename(files.folder / name)


def test_a_list_that_was_cut_off_is_none(tmp_path: Path) -> None:
    some: list[Any] = [(uuid4(), START), (uuid4(), LATER)]
    write_list(tmp_path, some, ["shut 7"])
    file = tmp_path / TOMBSTONES
    assert read_list(file).gone == [subject for subject, _ in some]
    assert read_list(file).protections == ["shut 7"]
    assert file.stat().st_mode & 0o077 == 0
    text = file.read_text()
    for length in (0, 10, len(text) // 2, len(text) - 5):
        file.write_text(text[:length])
        with pytest.raises(ValueError, match="whole list"):
            read_list(file)


def test_a_copy_is_destroyed_before_it_is_35_days_old(tmp_path: Path) -> None:
    copy = tmp_path / "upstander-shred-keys-20260101-000000.tar"
    copy.write_bytes(b"damaged, so that its file's own time counts")
    (tmp_path / "something-else.tar").write_bytes(b"not ours")
    made = copy.stat().st_mtime
    assert expire_copies(tmp_path, made + 33.9 * 86400) == 0
    assert expire_copies(tmp_path, made + 34.1 * 86400) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["something-else.tar"]
