"""`init`, `doctor`, `backup` and `restore`, as an administrator runs them."""

from __future__ import annotations

import re
import shutil
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from upstander.command.archives import Archive
from upstander.command.tests.systems import ANSWERS, made, python, upstander, with_django
from upstander.config.home import Home
from upstander.retention.copies import expire_copies, write_list
from upstander.vault.keyring import READERS

__all__ = ["made"]

pytestmark = [pytest.mark.servers, pytest.mark.slow]

RECOVER = ("recover", "--person", "lee@example.org", "--reason", "lost-keys")

GONE, KEPT = uuid4(), uuid4()
TWO_SHRED_KEYS = """
import sys, django
django.setup()
from django.conf import settings
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.vault.models import ShredKey
with EmbeddedPostgres(Home.from_env()):
    for subject in sys.argv[1:]:
        ShredKey.objects.create(subject=subject, district_id=1, file_version=1,
                                file_mark=settings.SHRED_FILES.mark(1), wrapped=b"")
"""
SHRED_KEYS = """
import django
django.setup()
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.vault.models import ShredKey
with EmbeddedPostgres(Home.from_env()):
    print(*ShredKey.objects.values_list("subject", flat=True))
"""

RESTORES = """
import django
django.setup()
from upstander.audit.models import Entry
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
with EmbeddedPostgres(Home.from_env()):
    found = Entry.objects.filter(action__contains="restore").order_by("pk")
    print(*(action.split()[-1] for action in found.values_list("action", flat=True)))
"""


@pytest.fixture(scope="module")
def saved(made: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The archives of a backup of it."""
    home, _ = made
    (home / "files" / "ab").mkdir()
    (home / "files" / "ab" / "attachment").write_bytes(b"sealed" * 1000)
    (home / "files" / ".partial-0123").write_bytes(b"half")
    (home / "providers.toml").write_text("# none yet\n")
    (home / "north.token").write_text("a-providers-secret")
    (home / "database.dump").write_text("of a restore that was broken off")
    assert with_django(home, TWO_SHRED_KEYS, str(GONE), str(KEPT)).returncode == 0
    folder, keys = tmp_path_factory.mktemp("backup"), tmp_path_factory.mktemp("apart")
    done = upstander(home, "backup", str(folder), str(keys))
    assert done.returncode == 0, done.stderr
    # No second place: nothing is renewed, and nothing that isn't so is promised.
    assert "NOT being renewed" in done.stdout
    assert "35 days" not in done.stdout
    return {
        "system": next(folder.glob("upstander-system-*.tar")),
        "shred": next(keys.glob("upstander-shred-keys-*.tar")),
        "keys": next(keys.glob("upstander-keys-*.tar")),
    }


@pytest.fixture(scope="module")
def restored(saved: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder that was brought back from the backup, after something had gone for good."""
    home = tmp_path_factory.mktemp("restored") / "h"
    write_list(saved["shred"].parent, [(GONE, datetime.now(UTC))])
    done = upstander(home, "restore", str(saved["system"]), str(saved["shred"]))
    assert done.returncode == 0, done.stderr
    yield home
    shutil.rmtree(Home(home).socket, ignore_errors=True)


def test_the_two_archives_must_lie_apart(made: tuple[Path, str], tmp_path: Path) -> None:
    for keys in (tmp_path, tmp_path / "inside"):
        refused = upstander(made[0], "backup", str(tmp_path), str(keys))
        assert refused.returncode == 1
        assert "must lie apart" in refused.stderr


def test_init_asks_nobody_when_nobody_is_there(tmp_path: Path) -> None:
    done = upstander(tmp_path / "h", "init", *ANSWERS[:4])
    assert done.returncode == 1
    assert "--admin-email" in done.stderr
    assert not (tmp_path / "h").exists()


def test_init_wants_three_accounts(tmp_path: Path) -> None:
    same = ["ada@example.org" if word == "lee@example.org" else word for word in ANSWERS]
    done = upstander(tmp_path / "h", "init", *same)
    assert done.returncode == 1
    assert "three accounts" in done.stderr


def test_init_shows_two_shares_and_three_people_once(made: tuple[Path, str]) -> None:
    home, told = made
    assert len(re.findall(r"share [12] +\S{60,}", told)) == 2
    assert "UPSTANDER_SECOND_PLACE" in told, "without one the file of the night lies on one disk"
    assert len(re.findall(r"passphrase +(\w+ ){4}\w+\n", told)) == 3
    again = upstander(home, "init", *ANSWERS)
    assert again.returncode == 1
    assert "set up here already" in again.stderr


SHARES_OPEN_TEAM_KEYS = """
import sys, django
django.setup()
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.vault.recovery import join
from upstander.vault.holders import open_private, key_pair_from
from upstander.vault.models import HolderKey, SealedKey
private = join(*sys.argv[1:3])
with EmbeddedPostgres(Home.from_env()):
    for key in HolderKey.objects.filter(holder__startswith="team:"):
        row = SealedKey.objects.get(
            holder=key.holder, version=key.version, member__startswith="recovery:")
        seed = open_private(bytes(row.blob), holder=key.holder, version=key.version,
                            member=row.member, member_version=1, private=private)
        assert key_pair_from(seed).public == bytes(key.public)
        print("opened")
"""


def test_the_two_shares_bring_every_teams_key_back(made: tuple[Path, str]) -> None:
    home, told = made
    shares = re.findall(r"share [12] +(\S+)", told)
    done = with_django(home, SHARES_OPEN_TEAM_KEYS, *shares)
    assert done.stdout.split() == ["opened"] * 3, done.stderr


def test_the_shred_keys_lie_in_an_archive_of_their_own(saved: dict[str, Path]) -> None:
    with tarfile.open(saved["system"]) as tar:
        names = tar.getnames()
    assert names.count("database.dump") == 1
    assert "files/ab/attachment" in names
    assert not [name for name in names if "partial" in name]
    # And no key at all: what opens a name lies with what opens the words.
    parts = {name.partition("/")[0] for name in names}
    assert parts == {"database.dump", "files", "pins", "manifest.json"}
    with tarfile.open(saved["keys"]) as tar:
        names = tar.getnames()
    assert {f"keys/{name}" for name in READERS} < set(names)
    assert {"providers.toml", "north.token"} < set(names)
    assert not [name for name in names if "shred" in name or "passwords" in name]
    with tarfile.open(saved["shred"]) as tar:
        assert tar.getnames() == ["keys/shred/1", "manifest.json"]
    assert {path.name for path in saved["shred"].parent.iterdir()} == {
        saved["shred"].name,
        saved["keys"].name,
        "upstander-gone.txt",
    }
    for archive in saved.values():
        assert archive.stat().st_mode & 0o077 == 0


SIGN_IN = """
import sys, django
django.setup()
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.people import keys
from upstander.people.models import Person
email, passphrase, code = sys.argv[1:4]
with EmbeddedPostgres(Home.from_env()):
    person = Person.objects.get(email=email)
    assert person.check_password(passphrase)
    private = keys.unlock_by_password(person, passphrase)
    assert private is not None and private == keys.unlock_by_recovery(person.pk, code)
    assert keys.pair_of(private).public == bytes(keys.public_key_of(person.holder).public)
    print(person.name)
"""


def test_a_restored_system_opens_with_staffs_own_passwords(
    made: tuple[Path, str], saved: dict[str, Path], restored: Path
) -> None:
    """And what has gone since the backup is destroyed again, by the list beside its keys."""
    (_, told), home = made, restored
    assert with_django(home, SHRED_KEYS).stdout.split() == [str(KEPT)]
    assert (home / "files" / "ab" / "attachment").read_bytes() == b"sealed" * 1000
    # Without them, whom to page would be known and by what not.
    assert (home / "providers.toml").read_text() == "# none yet\n"
    assert (home / "north.token").read_text() == "a-providers-secret"
    assert (home / "north.token").stat().st_mode & 0o077 == 0
    secrets = re.search(r"sam@example.org\n +passphrase +(.+)\n +recovery code +(\S+)", told)
    assert secrets
    signed_in = with_django(home, SIGN_IN, "sam@example.org", *secrets.groups())
    assert signed_in.stdout.strip() == "Sam Supervisor", signed_in.stderr

    again = upstander(home, "restore", str(saved["system"]), str(saved["shred"]))
    assert again.returncode == 1
    assert "not empty" in again.stderr


def test_what_a_restore_undid_is_said_until_somebody_has_looked_through_it(
    restored: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(restored, tmp_path / "h")
    told = upstander(home, "doctor").stdout
    assert "NOT WELL  restored backup: as of" in told
    assert "1 that have gone are destroyed again; 0 exclusions" in told
    done = upstander(home, "confirm-restore")
    assert done.returncode == 0, done.stderr
    assert "restored backup" not in upstander(home, "doctor").stdout
    assert "no restore waits" in upstander(home, "confirm-restore").stderr
    assert with_django(home, RESTORES).stdout.split() == ["restored", "confirmed"]
    shutil.rmtree(Home(home).socket, ignore_errors=True)


def test_a_restored_record_is_sealed_and_whole(restored: Path, tmp_path: Path) -> None:
    """The new server counts transactions from the start; nobody has to think of it."""
    home = restored
    done = upstander(home, "audit", "verify")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "the record is whole" in done.stdout
    assert "held against 1 checkpoints" in done.stdout
    assert (home / "record" / "verified").read_text() == ""
    key = upstander(home, "audit", "key").stdout.strip()
    (tmp_path / "verifier.py").write_text(upstander(home, "audit", "verifier").stdout)
    checked = python(
        home,
        "-I",
        "-S",
        str(tmp_path / "verifier.py"),
        "checkpoint",
        str(home / "record" / "checkpoint"),
        "--key",
        key,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("genuine")


def test_both_shares_typed_in_give_a_person_the_keys_of_a_team(
    made: tuple[Path, str], restored: Path, tmp_path: Path
) -> None:
    _, told = made
    home = shutil.copytree(restored, tmp_path / "h")
    shares = "\n".join(re.findall(r"share [12] +(\S+)", told)) + "\n"
    without_reason = upstander(home, *RECOVER[:3], typed=shares)
    assert "--reason" in without_reason.stderr
    done = upstander(home, *RECOVER, typed=shares)
    assert done.returncode == 0, done.stderr
    assert "Alder Valley" in done.stdout
    assert len(re.findall(r"share [12] +\S{60,}", done.stdout)) == 2
    again = upstander(home, *RECOVER, typed=shares)
    assert again.returncode == 1
    assert "newer ones" in again.stderr
    added = upstander(home, "administrator", "--email", "eve@example.org", "--name", "Eve")
    assert re.search(r"passphrase +(\w+ ){4}\w+\n", added.stdout), added.stderr
    shutil.rmtree(Home(home).socket, ignore_errors=True)


def test_the_archive_of_the_keys_is_written_once_for_each_state_of_them(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    """Nothing sweeps it away, a new key never takes an old one's place, and `doctor` misses it."""
    home = shutil.copytree(made[0], tmp_path / "h")
    apart = tmp_path / "apart"

    def archives() -> list[Path]:
        done = upstander(home, "backup", str(tmp_path / "system"), str(apart))
        assert done.returncode == 0, done.stderr
        return sorted(apart.glob("upstander-keys-*.tar"))

    [first] = archives()
    written, whole = first.stat().st_mtime_ns, first.read_bytes()
    assert archives() == [first]
    assert first.stat().st_mtime_ns == written
    assert expire_copies(apart, time.time() + 400 * 86400) == 2
    assert first.exists()
    # One that was damaged is written anew, the same to the byte, for earlier backups know it by its
    # digest; and what a killed run left stands in no way.
    first.write_bytes(first.read_bytes()[:3000])
    first.with_name(first.name + ".part").touch()
    assert archives() == [first]
    assert first.read_bytes() == whole
    assert "archive of the keys: lies in" in upstander(home, "doctor").stdout
    (home / "keys" / "field").write_bytes(bytes(32))
    told = upstander(home, "doctor").stdout
    assert "NOT WELL  archive of the keys: as they are now, none lies in" in told
    assert first in archives()
    assert len(archives()) == 2
    shutil.rmtree(Home(home).socket, ignore_errors=True)


def test_the_system_alone_is_not_restored_and_it_says_what_is_missing(
    saved: dict[str, Path], tmp_path: Path
) -> None:
    home = tmp_path / "h"
    alone = upstander(home, "restore", str(saved["system"]))
    assert alone.returncode == 1
    for missing in (saved["shred"].name, saved["keys"].name, "upstander-gone.txt"):
        assert missing in alone.stderr
    assert "destroyed there after" in alone.stderr
    assert not home.exists()
    # Of one whose shred keys' copy has expired, that is said.
    old = tmp_path / "upstander-system-old.tar"
    with Archive(old, "system", "0" * 32, made="2019-01-05T04:30+00:00", keys="f" * 16) as archive:
        archive.add_bytes(b"", "database.dump")
    expired = upstander(home, "restore", str(old))
    assert "can't be restored any more" in expired.stderr
    assert not home.exists()
    # With the shred keys, and the key files left behind.
    for file in (saved["shred"], saved["shred"].with_name("upstander-gone.txt")):
        shutil.copy(file, tmp_path)
    shred = str(tmp_path / saved["shred"].name)
    without = upstander(home, "restore", str(saved["system"]), shred)
    assert without.returncode == 1
    assert f"--keys /path/to/{saved['keys'].name}" in without.stderr
    other = tmp_path / "other.tar"
    with Archive(other, "keys", "f" * 16) as archive:
        archive.add_bytes(bytes(32), "keys/field")
    mixed = upstander(home, "restore", str(saved["system"]), shred, "--keys", str(other))
    assert "other keys than those of this backup" in mixed.stderr
    assert not home.exists()


def test_a_backup_needs_both_archives_whole_and_of_one_time(
    saved: dict[str, Path], made: tuple[Path, str], tmp_path: Path
) -> None:
    home = tmp_path / "h"
    swapped = upstander(home, "restore", str(saved["shred"]), str(saved["system"]))
    assert swapped.returncode == 1
    other = upstander(made[0], "backup", str(tmp_path / "later"), str(tmp_path / "apart"))
    assert other.returncode == 0, other.stderr
    later = next((tmp_path / "apart").glob("*shred*"))
    mixed = upstander(home, "restore", str(saved["system"]), str(later))
    assert "of two backups" in mixed.stderr
    alone = shutil.copy(saved["shred"], tmp_path)
    keys = ("--keys", str(saved["keys"]))
    unlisted = upstander(home, "restore", str(saved["system"]), str(alone), *keys)
    assert "--without-list" in unlisted.stderr
    damaged = tmp_path / "damaged.tar"
    content = bytearray(saved["system"].read_bytes())
    content[2000] ^= 1
    damaged.write_bytes(content)
    broken = upstander(home, "restore", str(damaged), str(saved["shred"]))
    assert broken.returncode == 1
    assert "damaged" in broken.stderr
    assert not home.exists() or not any(home.iterdir())
