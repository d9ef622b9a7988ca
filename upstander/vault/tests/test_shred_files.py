"""The shred key files: seen as they are, by processes that don't start anew."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from upstander.vault.errors import Forgotten, KeyExposed, KeyMissing, SealBroken
from upstander.vault.shred import new_shred_key, rewrap_shreds, unwrap_shred, wrap_shred
from upstander.vault.shred_files import ShredFiles

from .cast import OTHER_TIP, TIP


@pytest.fixture
def files(tmp_path: Path) -> ShredFiles:
    folder = tmp_path / "shred"
    folder.mkdir(mode=0o700)
    files = ShredFiles(folder)
    files.make(1)
    return files


def test_a_running_process_takes_up_the_next_file_and_lets_go_of_the_old(files: ShredFiles) -> None:
    other = ShredFiles(files.folder)
    shred_key = new_shred_key()
    before = other.wrap(shred_key, subject=TIP)
    assert before.version == 1

    files.make(2)
    assert other.wrap(shred_key, subject=TIP).version == 2
    assert other.unwrap(before.blob, subject=TIP, version=1) == shred_key

    files.destroy(1)
    assert other.versions() == [2]
    with pytest.raises(Forgotten):
        other.unwrap(before.blob, subject=TIP, version=1)


def test_a_folder_that_rests_is_not_read_again(
    files: ShredFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(files.folder, (1, 1))
    files.versions()
    monkeypatch.setattr(files, "_read", lambda: pytest.fail("read again"))
    assert files.versions() == [1]


def test_a_file_is_never_made_over_another(files: ShredFiles) -> None:
    key = files.key(1)
    files.make(1)
    assert files.key(1) == key


def test_a_destroyed_file_is_overwritten_first(files: ShredFiles) -> None:
    key, held = files.key(1), (files.folder / "1").open("rb")
    with held:
        files.destroy(1)
        assert held.read() != key
    files.destroy(1)
    with pytest.raises(KeyMissing, match="backup"):
        files.versions()


def test_a_half_made_file_is_none(files: ShredFiles) -> None:
    (files.folder / ".2.0123456789abcdef").write_bytes(b"half")
    assert files.versions() == [1]


@pytest.mark.parametrize(
    ("folder", "file", "fits"), [(0o700, 0o640, False), (0o750, 0o640, True), (0o750, 0o644, False)]
)
def test_a_group_reads_it_only_where_it_reads_the_folder(
    files: ShredFiles, folder: int, file: int, fits: bool
) -> None:
    files.folder.chmod(folder)
    (files.folder / "1").chmod(file)
    if fits:
        files.make(2)
        assert files.versions() == [1, 2]
        assert (files.folder / "2").stat().st_mode & 0o777 == 0o640
    else:
        with pytest.raises(KeyExposed):
            files.versions()


def test_many_are_wrapped_anew_as_one_would_be_and_a_broken_one_is_left_out() -> None:
    old, new = new_shred_key(), new_shred_key()
    keys = {uuid4(): new_shred_key() for _ in range(5)}
    rows = [(str(s), wrap_shred(key, subject=s, file_key=old)) for s, key in keys.items()]
    moved = (str(OTHER_TIP), rows[0][1])

    done, broken = rewrap_shreds([*rows, moved, (str(TIP), b"")], old=old, new=new)

    assert broken == 2
    opened = {UUID(s): unwrap_shred(b, subject=UUID(s), file_key=new) for s, b in done}
    assert opened == keys
    with pytest.raises(SealBroken):
        unwrap_shred(done[0][1], subject=UUID(done[0][0]), file_key=old)
