"""Archives that somebody changed who can write where they lie: `restore` takes none of them.

A real backup. Whoever changes an archive puts its list and sums right again, which takes no key,
so that it is whole by itself; only the archive of the shred keys knows that it is another one.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from upstander.command.archives import Archive, extract, now, read_manifest
from upstander.command.errors import PlainError
from upstander.command.tests.systems import made, python, upstander
from upstander.config.home import Home

__all__ = ["made"]

pytestmark = [pytest.mark.servers, pytest.mark.slow]

type Files = dict[str, bytes]
#: What PostgreSQL runs as its account, as soon as it is started on a folder with this file.
PLANTED = b"archive_mode = on\narchive_command = 'id > /tmp/planted; exit 1'\n"
#: `backup`, on a folder in which somebody changes what is drafted there.
CHANGED_MEANWHILE = """
import sys
from upstander.command import dumps
from upstander.command.backup import backup
from upstander.command.errors import PlainError
from upstander.config.home import Home
whole = dumps.dump
def dump(home, file):
    digest = whole(home, file)
    with file.open("ab") as out:
        out.write(b"more")
    return digest
dumps.dump = dump
try:
    backup(Home.from_env(), *sys.argv[1:])
except PlainError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def lying(made: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all archives of two backups: `first` and `second`, each by its kind."""
    home, _ = made
    everything = tmp_path_factory.mktemp("lying")
    for day in ("first", "second"):
        folder = everything / day
        # Each day its keys: a setting more.
        (home / "providers.toml").write_text(f"# of the {day} day\n")
        done = upstander(home, "backup", str(folder / "system"), str(folder / "keys"))
        assert done.returncode == 0, done.stderr
        [system] = (folder / "system").iterdir()
        system.rename(folder / "system.tar")
        for kind in ("shred-keys", "keys"):
            [archive] = (folder / "keys").glob(f"upstander-{kind}-[0-9a-f]*.tar")
            shutil.copy(archive, folder / f"{kind}.tar")
    return everything


@pytest.fixture
def day(lying: Path, tmp_path: Path) -> Path:
    """The first day's archives, to be changed."""
    folder = shutil.copytree(lying / "first", tmp_path / "day")
    shutil.copy(folder / "keys" / "upstander-gone.txt", folder)
    return folder


def restored(day: Path, tmp_path: Path, *more: str) -> str:
    """Restore what lies there into a new folder; return what it was refused with."""
    files = [str(day / name) for name in ("system.tar", "shred-keys.tar")]
    home = tmp_path / "h"
    done = upstander(home, "restore", *files, "--keys", str(day / "keys.tar"), *more)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not home.exists(), "nothing was written"
    return done.stderr


def change(archive: Path, how: Callable[[Files], object], **says: object) -> None:
    """Write an archive anew with other files, each with its right sum, and what else it says."""
    with tarfile.open(archive) as tar:
        held = {one.name: file.read() for one in tar if (file := tar.extractfile(one))}
    manifest = json.loads(held.pop("manifest.json")) | says
    how(held)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in held.items()}
    held["manifest.json"] = json.dumps(manifest | {"files": sums}).encode()
    with tarfile.open(archive, "w") as tar:
        for name, content in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize(
    ("archive", "name"),
    [
        ("system", "postgresql.local.conf"),
        ("system", "providers.toml"),
        ("system", "files/../postgresql.local.conf"),
        ("system", "keys/field"),
        ("shred-keys", "postgresql.local.conf"),
        ("keys", "pins/../postgresql.local.conf"),
        ("keys", "postgres/postgresql.auto.conf"),
    ],
)
def test_a_planted_file_is_refused_by_name(
    day: Path, tmp_path: Path, archive: str, name: str
) -> None:
    change(day / f"{archive}.tar", lambda held: held.update({name: PLANTED}))
    says = restored(day, tmp_path)
    assert f"{archive}.tar holds '{name}', which no backup puts there" in says


def test_a_changed_dump_is_refused(day: Path, tmp_path: Path) -> None:
    def add_to_dump(held: Files) -> None:
        held["database.dump"] += b"; DROP TABLE people_person"

    change(day / "system.tar", add_to_dump)
    says = restored(day, tmp_path)
    assert "system.tar is not the archive that was made with shred-keys.tar" in says
    assert "is not the archive" in restored(day, tmp_path, "--without-list")


def test_a_system_of_another_day_is_refused(lying: Path, day: Path, tmp_path: Path) -> None:
    """Also if it says that it is of this one."""
    first = read_manifest(day / "system.tar", "system")
    shutil.copy(lying / "second" / "system.tar", day)
    assert "of two backups" in restored(day, tmp_path)
    says = {name: first[name] for name in ("backup", "keys", "made")}
    change(day / "system.tar", lambda _held: None, **says)
    assert "system.tar is not the archive" in restored(day, tmp_path)


def test_keys_that_were_changed_are_refused(day: Path, tmp_path: Path) -> None:
    """Their archive lies in a safe, or wherever `--keys` says."""
    change(day / "keys.tar", lambda held: held.update({"postgresql.local.conf": PLANTED}))
    assert "keys.tar is not the archive" in restored(day, tmp_path)


def test_nothing_is_restored_without_the_digests(day: Path, tmp_path: Path) -> None:
    """No flag helps."""
    change(day / "shred-keys.tar", lambda _held: None, sums={})
    says = "shred-keys.tar doesn't say by their SHA-256 which archives belong to it"
    assert says in restored(day, tmp_path)
    assert says in restored(day, tmp_path, "--without-list")
    (day / "shred-keys.tar").unlink()
    assert "shred-keys.tar is no whole archive" in restored(day, tmp_path)


def test_the_archive_of_the_shred_keys_vouches_for_the_others(lying: Path) -> None:
    for day in (lying / "first", lying / "second"):
        assert read_manifest(day / "shred-keys.tar", "shred keys")["sums"] == {
            kind: hashlib.sha256((day / f"{kind}.tar").read_bytes()).hexdigest()
            for kind in ("system", "keys")
        }


def test_a_dump_that_is_changed_while_it_is_drafted(made: tuple[Path, str], tmp_path: Path) -> None:
    """It is drafted in the folder of the systems, where others may write."""
    folders = [str(tmp_path / "system"), str(tmp_path / "keys")]
    done = python(made[0], "-c", CHANGED_MEANWHILE, *folders)
    assert "the dump was changed while it lay in" in done.stdout, done.stderr
    assert not list((tmp_path / "system").iterdir())


def test_an_archive_that_changes_while_it_is_read(tmp_path: Path) -> None:
    """Another's machine may give one archive to be summed, and then another."""
    path, home = tmp_path / "system.tar", Home(tmp_path / "h").ensure()
    right = Archive(path, "system", "0" * 32, made=now())
    with right as archive:
        archive.add_bytes(b"right", "database.dump")
    change(path, lambda held: held.update({"database.dump": b"other"}))
    with pytest.raises(PlainError, match="changed while it was read"):
        extract(path, read_manifest(path, "system"), home, right.digest)
