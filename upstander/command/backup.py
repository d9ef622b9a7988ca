"""`upstander backup`: everything, in archives that lie apart.

The first holds the database and the encrypted files, and no key: alone it opens no name. In a
folder apart lie the long-lived key files with the data folder's settings (lasting_keys.py), and
the copies of the files that wrap the shred keys: without one nothing that a reporter wrote opens,
and since the copies are destroyed within 35 days, "forgotten" is true for backups too. Each bears
the SHA-256 of the other two archives, so that nobody who writes where those lie can change what is
restored. Beside them lies the list of what has gone since (retention/copies.py).
"""

from __future__ import annotations

import secrets
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from upstander.command import dumps, lasting_keys
from upstander.command.archives import Archive, digest_of, now
from upstander.command.errors import PlainError
from upstander.command.postgres import running_postgres
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
from upstander.retention.copies import TOMBSTONES, expire_copies
from upstander.vault.errors import VaultError
from upstander.vault.keyring import SHRED_FOLDER
from upstander.vault.shred_files import ShredFiles


def last_backup(home: Home) -> float | None:
    """Days since the last backup that succeeded, or None."""
    mark = home.root / "last-backup"
    return (time.time() - mark.stat().st_mtime) / 86400 if mark.exists() else None


def backup(home: Home, folder: str, keys_folder: str) -> None:
    """Save the system in `folder`, and all that opens it in `keys_folder`. Raises PlainError.

    The database goes first, in one snapshot: a file is stored before its row is, so every file that
    the snapshot names is there afterwards. A key file is copied before it or after it: one that is
    destroyed meanwhile was copied before, one that came since wraps nothing in the snapshot.
    """
    if not (home.passwords / Role.OWNER).exists():
        raise PlainError(f"nothing is set up in {home.root}")
    target, apart = Path(folder).resolve(), Path(keys_folder).resolve()
    if apart == target or apart.is_relative_to(target) or target.is_relative_to(apart):
        raise PlainError(
            "the two folders must lie apart: whoever finds both archives in one place brings back "
            "what was forgotten. Best is another machine, whose own backups don't take it up"
        )
    for place in (target, apart):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = secrets.token_hex(16)
    # Two of one second don't take each other's place.
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{number[:8]}"
    system = target / f"upstander-system-{name}.tar"
    shred = apart / f"upstander-shred-keys-{name}.tar"
    wraps = _shred_files(home)
    # Before the database: what was seen is never newer than what the archive holds.
    pins = {path.name: path.read_bytes() for path in sorted(home.pins.glob("[!.]*"))}
    keys = lasting_keys.save(home, apart)
    with tempfile.TemporaryDirectory(dir=target) as scratch, running_postgres(home):
        dump = Path(scratch) / "database.dump"
        dumped = dumps.dump(home, dump)
        written = Archive(system, "system", number, made=now(), keys=lasting_keys.mark_of(keys))
        with written as archive:
            archive.add_file(dump, "database.dump")
            if archive.sums.get("database.dump") != dumped:
                raise PlainError(f"the dump was changed while it lay in {target}: look who can")
            for pin, content in pins.items():
                archive.add_bytes(content, f"pins/{pin}")
            for path in sorted(home.files.rglob("*")):
                # A name with a dot is a file that is just being written: no row names it yet.
                if path.is_file() and not path.name.startswith("."):
                    archive.add_file(path, f"files/{path.relative_to(home.files)}")
        _write_gone(home, apart)
        holds = _forgetting_holds(home)
    wraps |= _shred_files(home)
    sums = {"system": written.digest, lasting_keys.KIND: digest_of(keys)}
    with Archive(shred, "shred keys", number, made=now(), sums=sums) as archive:
        for version, wrap in sorted(wraps.items()):
            archive.add_bytes(wrap, f"keys/{SHRED_FOLDER}/{version}")
    (home.root / "key-copies").write_text(f"{apart}\n", "utf-8")
    expired = expire_copies(apart)
    (home.root / "last-backup").touch()
    print(
        f"{system}\n  database and encrypted files; alone it opens no name and restores nothing\n"
        f"{keys}\n  keys and settings, as secret as the system: it doesn't expire. Lay a copy\n"
        "  into a safe, apart from the archives of the system\n"
        f"{shred}\n  shred keys: {_EXPIRES if holds else _STAYS}\n"
        f"{apart / TOMBSTONES}\n  what has gone and who is kept out, kept up to date by the\n"
        "  worker: restore needs it\n"
        f"{expired} copies of the shred keys were too old and are destroyed.\n"
        "To restore: upstander restore SYSTEM SHRED-KEYS"
    )


#: What `backup` says of the copy of the shred keys.
_EXPIRES = """copies in this folder are destroyed before they are 35 days
  old, and then the archive of the system that was made with it can't be restored any more;
  one that you carry elsewhere is yours to destroy by then"""
_STAYS = """this file is NOT being renewed (`upstander doctor` says why), so this
  copy, and each one before it, goes on opening what is destroyed from now on"""


def _shred_files(home: Home) -> dict[int, bytes]:
    """Return version → key, those that lie ready and don't count yet among them.

    The database may come to know one between its snapshot and this; one that it never knew is
    dropped by the restore.
    """
    files = ShredFiles(home.keys / SHRED_FOLDER)
    try:
        counting = {version: files.key(version) for version in files.versions()}
        return {**files.announced(), **counting}
    except VaultError as error:
        raise PlainError(str(error)) from None


def _forgetting_holds(home: Home) -> bool:
    with psycopg.connect(conninfo_for(Role.OWNER, home)) as connection:
        return connection.execute("SELECT api.forgetting_holds()").fetchone() == (True,)


def _write_gone(home: Home, folder: Path) -> None:
    import django  # noqa: PLC0415 - settings need the data folder to be there

    django.setup()
    from django.db import ProgrammingError, connection  # noqa: PLC0415

    from upstander.retention.tombstones import write_down  # noqa: PLC0415

    try:
        write_down(folder)
    except ProgrammingError as error:
        says = str(error).splitlines()[0]
        raise PlainError(
            "the database is of an older release, so who is kept out can't be written down: take "
            f"the backup with that release, or run `upstander migrate` first ({says})"
        ) from None
    finally:
        connection.close()
