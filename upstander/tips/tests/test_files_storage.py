"""Encrypted files in their folder: whole or not there, and opened by their own seed only."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from upstander.tips import storage
from upstander.tips import sweeps as clock
from upstander.tips.storage import DurableFolder, FileMissing, NotStored
from upstander.vault.errors import FileBroken, Truncated

SEED = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DurableFolder:
    made = DurableFolder(location=tmp_path / "files")
    monkeypatch.setattr(storage, "default_storage", made)
    return made


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 300_000])
def test_round_trip(folder: DurableFolder, size: int) -> None:
    data = os.urandom(size)
    name = uuid4()
    storage.put_file(SEED, name, [data[:1000], data[1000:]], size)
    assert b"".join(storage.open_file(SEED, name)) == data
    for start, stop in ((0, 1), (size // 2, size), (65_536, 65_600), (size, size + 5)):
        part = b"".join(storage.open_range(SEED, name, start, stop))
        assert part == data[start:stop]
    assert os.listdir(folder.location) == [str(name)]
    assert (Path(folder.location) / str(name)).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o700, 0o600), (0o2770, 0o640)])
def test_the_group_reads_a_file_if_it_may_read_the_folder_and_others_never_do(
    folder: DurableFolder, folder_mode: int, file_mode: int
) -> None:
    here, name = Path(folder.location), uuid4()
    here.mkdir()
    here.chmod(folder_mode | 0o005)
    storage.put_file(SEED, name, [b"words"], 5)
    assert stat.S_IMODE((here / str(name)).stat().st_mode) == file_mode


def test_another_seed_or_another_place_opens_nothing(folder: DurableFolder) -> None:
    one, two = uuid4(), uuid4()
    storage.put_file(SEED, one, [b"words"], 5)
    with pytest.raises(FileBroken):
        list(storage.open_file(bytes(32), one))
    with folder.open(str(one)) as file:
        folder.save(str(two), ContentFile(file.read()))
    with pytest.raises(FileBroken):
        list(storage.open_file(SEED, two))


def test_a_cut_file_is_seen_as_cut(folder: DurableFolder) -> None:
    name = uuid4()
    storage.put_file(SEED, name, [bytes(200_000)], 200_000)
    path = Path(folder.location) / str(name)
    # Cut between two frames, where the cipher itself would not complain.
    os.truncate(path, 24 + 2 * (64 * 1024 + 17))
    with pytest.raises(Truncated):
        list(storage.open_file(SEED, name))


@pytest.mark.usefixtures("folder")
def test_a_missing_file_has_its_own_error_and_at_once() -> None:
    with pytest.raises(FileMissing):
        storage.open_file(SEED, uuid4())


def test_what_fails_half_way_leaves_nothing(folder: DurableFolder) -> None:
    def failing() -> Iterator[bytes]:
        yield bytes(100_000)
        raise ValueError("the spool is broken")

    with pytest.raises(NotStored):
        storage.put_file(SEED, uuid4(), failing(), 200_000)
    assert os.listdir(folder.location) == []


def test_leftovers_of_a_killed_process_are_removed_in_time(folder: DurableFolder) -> None:
    name = uuid4()
    storage.put_file(SEED, name, [b"words"], 5)
    old, new = (Path(folder.location) / f".partial-{word}" for word in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 100_000,) * 2)
    assert folder.remove_leftovers() == 1
    assert sorted(os.listdir(folder.location)) == sorted([".partial-new", str(name)])


def test_a_store_that_reads_gets_all_bytes_in_pieces() -> None:
    stream = storage._Stream([b"ab", b"", b"cdef", b"g"], "name", 7)
    assert [stream.read(3), stream.read(3), stream.read(3), stream.read(3)] == [
        b"abc",
        b"def",
        b"g",
        b"",
    ]
    assert not stream.seekable()
    assert storage._Stream([b"ab", b"c"], "name", 3).read() == b"abc"


def test_the_worker_sweeps_leftovers_at_its_start_and_once_a_day(
    folder: DurableFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "default_storage", folder)
    monkeypatch.setattr(clock, "_last", [])
    here = Path(folder.location)
    here.mkdir()

    def leave() -> None:
        (here / ".partial-old").write_bytes(b"half")
        os.utime(here / ".partial-old", (time.time() - 100_000,) * 2)

    leave()
    assert clock.sweep_leftovers() == 1
    leave()
    assert clock.sweep_leftovers() == 0, "not again within the day"
    clock._last[0] -= clock.EVERY
    assert clock.sweep_leftovers() == 1
