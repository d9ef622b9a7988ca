"""The nightly renewal: the living stay, the destroyed are gone, and no kill loses one."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from upstander.vault import sweeps as clock
from upstander.vault.errors import FileSwapped, Forgotten
from upstander.vault.models import ShredFile, ShredKey
from upstander.vault.shred import new_shred_key
from upstander.vault.shred_files import ShredFiles, TwoPlaces

#: Three in the morning in New York.
NIGHT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


class Clock:
    """The database's clock, as a test sets it."""

    def set(self, at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
                f" AS $$ SELECT timestamptz '{at.isoformat()}' $$"
            )


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShredFiles:
    folder = tmp_path / "shred"
    folder.mkdir(mode=0o700)
    folder.with_name("second").mkdir(mode=0o700)
    files = ShredFiles(folder)
    files.make(1)
    ShredFiles(folder.with_name("second")).put(1, files.key(1))
    monkeypatch.setattr(clock, "_reached", [0])
    return files


def both(files: ShredFiles) -> TwoPlaces:
    """The folder, and the second place beside it."""
    return TwoPlaces(files, ShredFiles(files.folder.with_name("second")))


def forget_files() -> None:
    """Let the database know no file: those of the run are not the test's."""
    ShredFile.objects.all().delete()


def keep(files: ShredFiles, count: int = 1) -> dict[UUID, bytes]:
    keys = {uuid4(): new_shred_key() for _ in range(count)}
    wrapped = {subject: files.wrap(key, subject=subject) for subject, key in keys.items()}
    ShredKey.objects.bulk_create(
        ShredKey(subject=s, district_id=1, file_version=w.version, file_mark=w.mark, wrapped=w.blob)
        for s, w in wrapped.items()
    )
    return keys


def opened(files: ShredFiles) -> dict[UUID, bytes]:
    return {
        row.subject: files.unwrap(bytes(row.wrapped), subject=row.subject, version=row.file_version)
        for row in ShredKey.objects.all()
    }


def finish(files: ShredFiles, now: datetime) -> None:
    """Renew until nothing is left to do, the grace over."""
    while clock.renew(both(files), pages=1):
        pass
    Clock().set(now + clock.GRACE)
    while clock.renew(both(files), pages=1):
        pass


def begin(files: ShredFiles) -> None:
    """Make the first file known, and let a night come."""
    forget_files()
    Clock().set(NIGHT - timedelta(days=1))
    assert clock.renew(both(files)) == 0
    Clock().set(NIGHT)


@pytest.mark.django_db
def test_a_night_renews_the_file_and_a_destroyed_key_is_gone_from_any_copy(
    files: ShredFiles,
) -> None:
    begin(files)
    living, gone = keep(files, 20), keep(files)
    [(subject, _)] = gone.items()
    row = ShredKey.objects.get(subject=subject)
    old_copy, old_file = bytes(row.wrapped), files.key(1)
    row.delete()

    finish(files, NIGHT)

    assert files.versions() == [2]
    assert opened(files) == living
    assert {f.name for f in files.folder.with_name("second").iterdir()} == {"2"}
    assert not (files.folder / "1").exists()
    with pytest.raises(Forgotten):
        files.unwrap(old_copy, subject=subject, version=1)
    assert old_file != files.key(2)
    assert [(f.version, f.closed_at is not None) for f in ShredFile.objects.order_by("pk")] == [
        (1, True),
        (2, False),
    ]
    # Not twice in one night.
    assert clock.renew(both(files)) == 0


@pytest.mark.django_db
def test_what_comes_during_the_renewal_is_wrapped_by_the_new_file(files: ShredFiles) -> None:
    begin(files)
    keys = keep(files)
    late = {uuid4(): new_shred_key()}
    [(subject, key)] = late.items()
    by_old = files.wrap(key, subject=subject)  # read the file just before the next one came
    # It lies in both places, and the database knows it; then it counts, and not before.
    assert clock.renew(both(files)) == 1
    assert files.versions() == [1]
    assert clock.renew(both(files)) == 2
    assert files.versions() == [1, 2]
    keys |= keep(files)
    assert {row.file_version for row in ShredKey.objects.all()} == {1, 2}
    while clock.renew(both(files)):
        pass
    assert files.versions() == [1, 2]
    ShredKey.objects.create(
        subject=subject,
        district_id=1,
        file_version=by_old.version,
        file_mark=by_old.mark,
        wrapped=by_old.blob,
    )
    finish(files, NIGHT)
    assert opened(files) == keys | late
    assert files.versions() == [2]


@pytest.mark.django_db
def test_a_closed_file_takes_nothing_in(files: ShredFiles) -> None:
    begin(files)
    subject = uuid4()
    late = files.wrap(new_shred_key(), subject=subject)
    finish(files, NIGHT)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        ShredKey.objects.create(
            subject=subject,
            district_id=1,
            file_version=late.version,
            file_mark=late.mark,
            wrapped=late.blob,
        )


@pytest.mark.django_db
def test_a_key_that_does_not_open_keeps_its_file(
    files: ShredFiles, caplog: pytest.LogCaptureFixture
) -> None:
    begin(files)
    keys = keep(files, 3)
    [broken] = keep(files)
    ShredKey.objects.filter(subject=broken).update(wrapped=b"changed")
    finish(files, NIGHT)
    assert files.versions() == [1, 2]
    assert "1 shred keys do not open" in caplog.text
    ShredKey.objects.filter(subject=broken).delete()
    finish(files, NIGHT)
    assert files.versions() == [2]
    assert opened(files) == keys


@pytest.mark.django_db
def test_another_file_in_its_place_stops_the_renewal(files: ShredFiles) -> None:
    begin(files)
    keep(files)
    (files.folder / "1").write_bytes(b"x" * 32)
    os.utime(files.folder)
    with pytest.raises(FileSwapped, match="backup"):
        clock.renew(both(files))
    assert (files.folder / "1").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "due"),
    [
        (0, False),
        (19, False),
        (20, True),
        (23, True),
        (24, False),
        (29, False),
        (30, True),
    ],
)
def test_it_is_due_at_night_or_once_a_night_was_missed(
    files: ShredFiles, hours: int, due: bool
) -> None:
    """The file was made at six in the morning: 20 hours later it is two, 29 hours later eleven."""
    made = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    forget_files()
    Clock().set(made)
    clock.renew(both(files))
    Clock().set(made + timedelta(hours=hours))
    assert (clock.renew(both(files)) > 0) is due
