"""The shred key file in two places: nothing counts in one alone, and no wrong folder takes part."""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from upstander.vault import sweeps
from upstander.vault.errors import (
    FileStale,
    FileSwapped,
    KeyFileError,
    KeyMissing,
    PlaceAway,
)
from upstander.vault.models import ShredFile, ShredKey
from upstander.vault.shred import new_shred_key
from upstander.vault.shred_files import ShredFiles, TwoPlaces, mark_of
from upstander.vault.tests.test_renewal import (
    NIGHT,
    Clock,
    begin,
    both,
    files,
    finish,
    keep,
    opened,
)
from upstander.vault.two_places import drop_unknown, settle

__all__ = ["files"]

pytestmark = pytest.mark.django_db


def second_of(files: ShredFiles) -> ShredFiles:
    second = both(files).second
    assert second is not None
    return second


def store(wrapped_by: ShredFiles) -> None:
    """Store a shred key as an intake would that sees this folder."""
    subject = uuid4()
    wrapped = wrapped_by.wrap(new_shred_key(), subject=subject)
    ShredKey.objects.create(
        subject=subject,
        district_id=1,
        file_version=wrapped.version,
        file_mark=wrapped.mark,
        wrapped=wrapped.blob,
    )


def names(files: ShredFiles) -> set[str]:
    return {file.name for file in files.folder.iterdir()}


def forgetting_holds() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.forgetting_holds()")
        [(holds,)] = cursor.fetchall()
    return bool(holds)


def test_without_a_second_place_nothing_is_renewed_and_no_page_promises(files: ShredFiles) -> None:
    begin(files)
    alone = TwoPlaces(files)
    ShredFile.objects.update(twice_at=None)
    keys = keep(files)
    Clock().set(NIGHT + timedelta(days=40))
    assert sweeps.renew(alone) == 0
    assert files.versions() == [1]
    assert opened(files) == keys
    assert not forgetting_holds()


@pytest.mark.parametrize("second", ["{0}", "{0}/.", "{0}/deeper", "{0}/..", "link"])
def test_one_folder_is_not_two_places(files: ShredFiles, tmp_path: Path, second: str) -> None:
    begin(files)
    ShredFile.objects.update(twice_at=None)
    keys = keep(files)
    (files.folder / "deeper").mkdir()
    if second == "link":
        (tmp_path / "link").symlink_to(files.folder)
        second = str(tmp_path / "link")
    one = TwoPlaces(files, ShredFiles(Path(second.format(files.folder))))
    with pytest.raises(PlaceAway, match="are one place"):
        settle(one)
    Clock().set(NIGHT + timedelta(days=40))
    assert sweeps.renew(one) == 0
    assert files.versions() == [1]
    assert opened(files) == keys
    assert not forgetting_holds()


def test_the_promise_holds_while_the_file_is_young_and_in_two_places(files: ShredFiles) -> None:
    begin(files)
    finish(files, NIGHT)
    assert forgetting_holds()
    Clock().set(NIGHT + sweeps.GRACE + timedelta(minutes=6))
    assert not forgetting_holds(), "nobody has looked for five minutes"
    sweeps.renew(both(files))
    assert forgetting_holds()


def test_a_file_that_one_place_does_not_give_back_never_counts(
    files: ShredFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(files)
    keys = keep(files)

    def full(self: ShredFiles, name: str, key: bytes) -> None:
        if self.folder.name == "shred":
            raise OSError(28, "No space left on device")
        wrote(self, name, key)

    wrote = ShredFiles._write
    monkeypatch.setattr(ShredFiles, "_write", full)
    with pytest.raises(OSError, match="No space"), transaction.atomic():
        sweeps.renew(both(files))
    assert names(files) == {"1"}
    assert list(ShredFile.objects.values_list("version", flat=True)) == [1]
    assert files.wrap(b"k" * 32, subject=uuid4()).version == 1
    monkeypatch.undo()
    finish(files, NIGHT)
    assert opened(files) == keys
    assert names(files) == names(second_of(files)) == {"2"}


def test_a_second_place_that_is_not_mounted_is_left_empty_and_stops_the_renewal(
    files: ShredFiles, caplog: pytest.LogCaptureFixture
) -> None:
    begin(files)
    keys = keep(files)
    disk = second_of(files).folder
    disk.rename(disk.with_name("the disk"))
    disk.mkdir(mode=0o700)
    with caplog.at_level(logging.ERROR):
        assert sweeps.renew(both(files)) == 0
    assert "nothing is renewed, and nothing destroyed" in caplog.text
    assert names(second_of(files)) == set()
    assert names(files) == {"1"}
    disk.rmdir()
    assert sweeps.renew(both(files)) == 0, "not there at all is the same"
    disk.with_name("the disk").rename(disk)
    finish(files, NIGHT)
    assert opened(files) == keys
    assert names(files) == names(second_of(files)) == {"2"}


def test_while_the_second_place_is_away_the_old_file_stays(files: ShredFiles) -> None:
    begin(files)
    keys = keep(files)
    assert sweeps.renew(both(files)) == 1
    assert sweeps.renew(both(files)) == 2
    shutil.rmtree(second_of(files).folder)
    for hours in (0, 1, 18):
        Clock().set(NIGHT + timedelta(hours=hours))
        assert sweeps.renew(both(files)) == 0
    assert files.versions() == [1, 2]
    assert opened(files) == keys
    second_of(files).folder.mkdir(mode=0o700)
    assert settle(both(files)) == [1, 2]
    finish(files, NIGHT + timedelta(hours=18))
    assert names(files) == names(second_of(files)) == {"2"}
    assert opened(files) == keys


@pytest.mark.parametrize("lost", ["shred", "second"])
def test_either_place_is_filled_from_the_other(files: ShredFiles, lost: str) -> None:
    begin(files)
    keys = keep(files, 3)
    shutil.rmtree(files.folder.with_name(lost))
    if lost == "second":
        files.folder.with_name(lost).mkdir(mode=0o700)
    else:
        with pytest.raises(KeyMissing, match="second-place"):
            sweeps.renew(both(files))
    assert settle(both(files)) == [1]
    assert opened(files) == keys
    assert names(files) == names(second_of(files)) == {"1"}
    # One that is there and lacks a file gets it from the worker, without anybody.
    finish(files, NIGHT)
    keys |= keep(files)
    second_of(files).put(99, b"x" * 32)
    second_of(files).destroy(99)
    assert opened(files) == keys


def test_a_folder_of_an_older_day_takes_nothing_in_and_renews_nothing(
    files: ShredFiles, tmp_path: Path
) -> None:
    begin(files)
    stale = tmp_path / "stale"
    shutil.copytree(files.folder, stale / "shred")
    shutil.copytree(files.folder, stale / "second")
    keys = keep(files)
    finish(files, NIGHT)
    old = ShredFiles(stale / "shred")
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        store(old)
    Clock().set(NIGHT + timedelta(days=1))
    with pytest.raises(FileStale, match="not hold the shred key file 2"), transaction.atomic():
        sweeps.renew(both(old))
    with pytest.raises(FileStale), transaction.atomic():
        settle(both(old))
    assert names(old) == {"1"}
    assert list(ShredFile.objects.values_list("version", flat=True).order_by("pk")) == [1, 2]
    assert opened(files) == keys


def test_another_installations_folder_takes_nothing_in_and_renews_nothing(
    files: ShredFiles, tmp_path: Path
) -> None:
    """The same number and another key: numbers alone would let it in, and it opens nowhere else."""
    begin(files)
    keys = keep(files)
    for name in ("shred", "second"):
        (tmp_path / "foreign" / name).mkdir(mode=0o700, parents=True)
    foreign = ShredFiles(tmp_path / "foreign" / "shred")
    foreign.make(1)
    second_of(foreign).put(1, foreign.key(1))
    for _ in range(2):
        with pytest.raises(IntegrityError, match="not the one"), transaction.atomic():
            store(foreign)
        with pytest.raises(FileSwapped), transaction.atomic():
            sweeps.renew(both(foreign))
        with pytest.raises(FileSwapped), transaction.atomic():
            settle(both(foreign))
        # Nor does a higher number help it.
        foreign.make(2)
    assert list(ShredFile.objects.values_list("version", flat=True)) == [1]
    assert opened(files) == keys


def test_a_second_worker_with_a_folder_of_its_own_can_not_renew(
    files: ShredFiles, tmp_path: Path
) -> None:
    """It has today's file, and once the other one has renewed it has nothing that counts."""
    begin(files)
    for name in ("shred", "second"):
        shutil.copytree(files.folder, tmp_path / "own" / name)
    own = ShredFiles(tmp_path / "own" / "shred")
    assert sweeps.renew(both(files)) == 1
    with pytest.raises(FileStale), transaction.atomic():
        sweeps.renew(both(own))
    assert names(own) == names(second_of(own)) == {"1"}
    finish(files, NIGHT)
    with pytest.raises(IntegrityError), transaction.atomic():
        store(own)


def test_the_database_itself_asks_for_the_mark(files: ShredFiles) -> None:
    begin(files)
    wrapped = files.wrap(b"k" * 32, subject=(subject := uuid4()))
    for mark in (None, b"", mark_of(b"x" * 32)):
        with pytest.raises(IntegrityError, match="not the one"), transaction.atomic():
            ShredKey.objects.create(
                subject=subject, district_id=1, file_version=1, file_mark=mark, wrapped=b""
            )
    ShredKey.objects.create(
        subject=subject,
        district_id=1,
        file_version=1,
        file_mark=wrapped.mark,
        wrapped=wrapped.blob,
    )
    assert ShredKey.objects.get(subject=subject).file_mark is None, "compared, not kept"
    for follows in (None, b"x" * 16):
        with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
            know(2, follows)
    with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
        know(3, files.mark(1))
    with pytest.raises(IntegrityError, match="not the one"), transaction.atomic():
        rewrap(1, b"x" * 16, subject)
    with pytest.raises(IntegrityError, match="in force"), transaction.atomic():
        ShredFile.objects.update(closed_at=NIGHT)


def know(version: int, follows: bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.know_shred_file(p_version => %s::int, p_mark => %s, p_follows => %s)",
            [version, b"n" * 16, follows],
        )


def rewrap(version: int, mark: bytes, subject: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.rewrap_shred_keys(p_first => '(0,0)'::tid, p_end => '(9,0)'::tid, "
            "p_file => %s::int, p_mark => %s, p_subjects => %s, p_wrapped => %s)",
            [version, mark, [subject], [b"nothing opens this"]],
        )


def test_the_worker_writes_no_file_past_that_function(files: ShredFiles) -> None:
    begin(files)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('upstander_worker', 'vault_shredfile', 'INSERT')"
        )
        assert cursor.fetchall() == [(False,)]


def test_what_a_killed_process_had_begun_to_copy_does_not_outlive_its_file(
    files: ShredFiles,
) -> None:
    begin(files)
    for place in (files, second_of(files)):
        draft = place.folder / ".1.0123456789abcdef"
        draft.write_bytes(files.key(1))
        draft.chmod(0o600)
    assert sweeps.renew(both(files)) == 2
    assert names(files) == names(second_of(files)) == {"1"}


def test_a_file_that_counts_and_that_the_database_lost_is_made_known_again(
    files: ShredFiles,
) -> None:
    """A standby took over that had not heard of it: both places hold it, beside the one before."""
    begin(files)
    keys = keep(files)
    assert sweeps.renew(both(files)) == 1
    assert sweeps.renew(both(files)) == 2
    ShredFile.objects.filter(pk=2).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        store(files)
    assert sweeps.renew(both(files)) == 1
    store(files)
    finish(files, NIGHT)
    assert files.versions() == [2]
    assert opened(files).items() >= keys.items()


def test_a_restored_database_keeps_no_file_that_it_knows_nothing_of(files: ShredFiles) -> None:
    """A backup holds what came to lie there while it was made; intake would wrap by the newest."""
    begin(files)
    files.make(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        store(files)
    drop_unknown(files)
    assert names(files) == {"1"}
    store(files)


def test_one_key_under_a_number_in_each_place_is_nobodys_to_choose(files: ShredFiles) -> None:
    begin(files)
    files.make(2)
    second_of(files).make(2)
    with pytest.raises(FileSwapped, match="not known"), transaction.atomic():
        sweeps.renew(both(files))


def test_a_folder_that_can_not_be_read_is_said_in_our_words(
    files: ShredFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network folder that has gone away: the intake says so and keeps the words."""

    def gone(self: Path, *, follow_symlinks: bool = True) -> None:
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(Path, "stat", gone)
    with pytest.raises(KeyFileError, match="Stale file handle"):
        files.wrap(b"k" * 32, subject=uuid4())
