"""`upstander backup` and `upstander restore`: everything, in two archives that lie apart.

The first holds the database, the encrypted files, the key files and the data folder's own settings
(providers and their tokens). The second holds the files that wrap the shred keys: without it
nothing that a reporter wrote opens, and since its copies are destroyed within 35 days, "forgotten"
is true for backups too. Beside the copies lies the list of what has gone since
(retention/copies.py). A restore takes all three: both archives, and the list, by which it destroys
again what the older database brings back.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from upstander.command.archives import Archive, extract, read_manifest
from upstander.command.errors import PlainError
from upstander.command.postgres import program, running_postgres
from upstander.command.prepare import prepare
from upstander.command.roles import database_sql
from upstander.command.second_place import fill_second_place
from upstander.command.setup import bring_roles
from upstander.config.database import Role, conninfo_for, server_from_env
from upstander.config.home import Home
from upstander.retention.copies import (
    TOMBSTONES,
    expire_copies,
    read_tombstones,
    write_tombstones,
)
from upstander.vault.errors import VaultError
from upstander.vault.keyring import SHRED_FOLDER
from upstander.vault.shred_files import ShredFiles

#: Sessions are not saved: a stolen or restored backup must sign nobody in.
SESSIONS = ("places_staffsession", "places_signinmemory", "django_session", "tips_talk")
#: Files of the data folder itself that a restored system makes anew, or that the archive has of its
#: own; the others are the operator's (providers.toml and its tokens): without them a restored
#: system could page nobody by phone.
NO_SETTINGS = frozenset(
    {"key-copies", "last-backup", "static.stamp", "database.dump", "manifest.json"}
)


def last_backup(home: Home) -> float | None:
    """Days since the last backup that succeeded, or None."""
    mark = home.root / "last-backup"
    return (time.time() - mark.stat().st_mtime) / 86400 if mark.exists() else None


def backup(home: Home, folder: str, keys_folder: str) -> None:
    """Save the system in `folder`, and the shred keys' files in `keys_folder`. Raises PlainError.

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
    name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    number = secrets.token_hex(16)
    system = target / f"upstander-system-{name}.tar"
    shred = apart / f"upstander-shred-keys-{name}.tar"
    wraps = _shred_files(home)
    # Before the database: what was seen is never newer than what the archive holds.
    pins = {path.name: path.read_bytes() for path in sorted(home.pins.glob("[!.]*"))}
    with tempfile.TemporaryDirectory(dir=target) as scratch, running_postgres(home):
        dump = Path(scratch) / "database.dump"
        _dump(home, dump)
        with Archive(system, "system", number) as archive:
            archive.add_file(dump, "database.dump")
            for setting in sorted(home.root.iterdir()):
                ours = setting.name not in NO_SETTINGS and not setting.name.startswith(".")
                if ours and setting.is_file():
                    archive.add_file(setting, setting.name)
            for key in sorted(home.keys.iterdir()):
                if key.is_file() and not key.name.startswith("."):
                    archive.add_file(key, f"keys/{key.name}")
            for pin, content in pins.items():
                archive.add_bytes(content, f"pins/{pin}")
                archive.sums[f"pins/{pin}"] = hashlib.sha256(content).hexdigest()
            for path in sorted(home.files.rglob("*")):
                # A name with a dot is a file that is just being written: no row names it yet.
                if path.is_file() and not path.name.startswith("."):
                    archive.add_file(path, f"files/{path.relative_to(home.files)}")
        _write_gone(home, apart)
        holds = _forgetting_holds(home)
    wraps |= _shred_files(home)
    with Archive(shred, "shred keys", number) as archive:
        for version, wrap in sorted(wraps.items()):
            member = f"keys/{SHRED_FOLDER}/{version}"
            archive.add_bytes(wrap, member)
            archive.sums[member] = hashlib.sha256(wrap).hexdigest()
    (home.root / "key-copies").write_text(f"{apart}\n", "utf-8")
    expired = expire_copies(apart)
    (home.root / "last-backup").touch()
    print(
        f"{system}\n  database, encrypted files, keys, settings: keep it as secret as the system\n"
        f"{shred}\n  shred keys: {_EXPIRES if holds else _STAYS}\n"
        f"{apart / TOMBSTONES}\n  what has gone, kept up to date by the worker: restore needs it\n"
        f"{expired} copies of the shred keys were too old and are destroyed.\n"
        "To restore: upstander restore SYSTEM SHRED-KEYS"
    )


#: What `backup` says of the copy of the shred keys.
_EXPIRES = """copies in this folder are destroyed before they are 35 days
  old; one that you carry elsewhere is yours to destroy by then"""
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
    from django.db import connection  # noqa: PLC0415

    from upstander.retention.tombstones import recent  # noqa: PLC0415

    try:
        write_tombstones(folder, recent())
    finally:
        connection.close()


def restore(
    home: Home, system: str, shred_keys: str, gone: str | None = None, *, without_list: bool = False
) -> None:
    """Bring a backup into an empty data folder, and destroy again what has gone since.

    `gone` is the list of it; without it the one beside the shred keys is taken. Raises PlainError.
    """
    if any(home.root.glob("*")):
        raise PlainError(
            f"{home.root} is not empty. Restore into a new folder: UPSTANDER_HOME=/path/to/new"
        )
    first = read_manifest(Path(system), "system")
    second = read_manifest(Path(shred_keys), "shred keys")
    if first["backup"] != second["backup"]:
        raise PlainError("the two archives are of two backups; their times must be the same")
    to_destroy = [] if without_list else _list_of_gone(Path(shred_keys), gone)
    try:
        _bring_back(home, ((Path(system), first), (Path(shred_keys), second)), to_destroy)
    except BaseException:
        # The folder was empty: leave it so, that nobody takes a half for the whole.
        for path in home.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    print(
        f"restored into {home.root} as of {first['made']}; what has gone since is destroyed again "
        f"({len(to_destroy)} entries in the list). Everybody signs in anew, with their own "
        "password.\nNext: `upstander doctor`, then `upstander serve`."
    )


def _list_of_gone(shred_keys: Path, given: str | None) -> list[UUID]:
    file = Path(given) if given else shred_keys.with_name(TOMBSTONES)
    try:
        return read_tombstones(file)
    except (OSError, ValueError) as error:
        raise PlainError(
            f"the list of what has gone since can't be read ({error}). Give the newest one that "
            "there is: upstander restore SYSTEM SHRED-KEYS LIST. Only if there is none: "
            "--without-list, and what was forgotten since the backup is back"
        ) from None


def _bring_back(
    home: Home, archives: Sequence[tuple[Path, dict[str, Any]]], gone: Sequence[UUID]
) -> None:
    home.ensure()
    for archive, manifest in archives:
        extract(archive, manifest, home)
    dump = home.root / "database.dump"
    with running_postgres(home):
        bring_roles(home)
        _load(home, dump)
        dump.unlink()
        prepare(home, migrate=True)
        _destroy_again(gone)
        _drop_unknown_files()
        _seal_on(home)
        print(fill_second_place(home))


def _destroy_again(gone: Sequence[UUID]) -> None:
    """Destroy what went after the backup, before anybody can sign in."""
    import django  # noqa: PLC0415 - settings need the keys, which were brought back by now

    django.setup()
    from upstander.retention.tombstones import replay  # noqa: PLC0415

    replay(gone)


def _drop_unknown_files() -> None:
    """Destroy key files that came after the backup's database: nothing in it needs them."""
    from django.conf import settings  # noqa: PLC0415

    from upstander.vault.two_places import drop_unknown  # noqa: PLC0415

    drop_unknown(settings.SHRED_FILES)


def _seal_on(home: Home) -> None:
    """Seal the restored record on: this server's transaction numbers are not those of the old."""
    from upstander.audit.sealing import begin_anew  # noqa: PLC0415
    from upstander.audit.signing import signer  # noqa: PLC0415

    begin_anew(signer(), home.record / "checkpoint", datetime.now(UTC))


# -- the database -------------------------------------------------------------------------------
def _connection_environment(home: Home) -> dict[str, str]:
    """How pg_dump and pg_restore sign in as the owner; no password stands on a command line."""
    server = server_from_env(home)
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        **{names[key]: value for key, value in server.items() if key in names},
        "PGUSER": Role.OWNER.login,
        "PGPASSWORD": (home.passwords / Role.OWNER).read_text(encoding="ascii").strip(),
    }


def _run(home: Home, *arguments: str) -> None:
    done = subprocess.run(
        arguments, env=_connection_environment(home), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PlainError(f"{Path(arguments[0]).name} failed: {done.stderr.strip()[-800:]}")


def _dump(home: Home, dump: Path) -> None:
    without = [f"--exclude-table-data=public.{table}" for table in SESSIONS]
    # Nothing of ours is a large object, and one of another role's would stop the dump. What is
    # taken from PUBLIC in PostgreSQL's own schema, `database_sql` takes anew: an owner who
    # restores may not.
    without += ["--no-large-objects", "--exclude-schema=pg_catalog"]
    _run(home, program("pg_dump"), "--format=custom", f"--file={dump}", "--no-password", *without)


def _load(home: Home, dump: Path) -> None:
    owner = conninfo_for(Role.OWNER, home)
    with psycopg.connect(owner, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'api')"
        ).fetchone()
        if tables != (0,):
            raise PlainError("the database holds tables already; restore into an empty one")
        # The archive brings its own, with everything in it.
        connection.execute("DROP SCHEMA IF EXISTS api CASCADE")
    _run(
        home,
        program("pg_restore"),
        f"--dbname={server_from_env(home)['dbname']}",
        "--no-password",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        str(dump),
    )
    with psycopg.connect(owner, autocommit=True) as connection:
        for statement in database_sql(connection.info.dbname):
            connection.execute(statement.encode())
