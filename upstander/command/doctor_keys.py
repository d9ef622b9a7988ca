"""What `upstander doctor` says of the file that wraps the shred keys, its two places and copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import psycopg

from upstander.command.finding import Finding
from upstander.command.lasting_keys import is_saved
from upstander.command.second_place import UNSET, same_disk
from upstander.command.serve import demo_mark
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
from upstander.retention.copies import TOMBSTONES, oldest_copy
from upstander.vault.errors import VaultError
from upstander.vault.keyring import SHRED_FOLDER
from upstander.vault.shred_files import ShredFiles, mark_of

#: Days since the file was made; it is renewed every night.
FILE_LIMIT_DAYS = 2.0
#: Days that a copy of it may be old: what was forgotten before is gone from backups by then.
COPY_LIMIT_DAYS = 35.0
_BRING_BACK = (
    "`upstander second-place` brings the right one back from the second place; if it isn't there, "
    "take it from the newest copy (docs/how-to/retention.md)"
)


class _Row(NamedTuple):
    """What the database knows of a file; age in days, seen in minutes ago."""

    mark: bytes
    age: float
    closed: bool
    seen: float | None


def check_shred_keys(home: Home) -> Iterator[Finding]:
    """The file is the right one, of last night, in two places; rows have it; copies are young."""
    files = ShredFiles(home.keys / SHRED_FOLDER)
    try:
        versions = files.versions()
    except VaultError as error:
        yield Finding("shred key file", f"no tip can come in or be opened: {error}", _BRING_BACK)
        versions = []
    with psycopg.connect(conninfo_for(Role.OWNER, home)) as connection:
        known = {
            version: _Row(bytes(mark), float(age), closed, seen)
            for version, mark, age, closed, seen in connection.execute(
                "SELECT version, mark, extract(epoch FROM api.clock_now() - made_at) / 86400,"
                " closed_at IS NOT NULL,"
                " extract(epoch FROM api.clock_now() - twice_at)::float / 60 FROM vault_shredfile"
            )
        }
        lost = connection.execute(
            "SELECT count(*) FROM vault_shredkey WHERE NOT file_version = ANY (%s)", [versions]
        ).fetchone()
    if versions:
        yield _file(files, versions, known)
    yield _second(home, files, known)
    if lost and lost[0]:
        says = f"{lost[0]} are wrapped by a file that is not there: they don't open"
        yield Finding("shred keys", says, f"at once: {_BRING_BACK}")
    if home.key_copies is not None and not demo_mark(home):
        yield _copies(home)
        yield _lasting(home, home.key_copies)


def _file(files: ShredFiles, versions: list[int], known: Mapping[int, _Row]) -> Finding:
    if not known:
        return Finding("shred key file", f"{versions[-1]}, not yet known to the worker")
    for version in versions:
        row = known.get(version)
        if row is None or row.mark != files.mark(version):
            which = "not known to this database" if row is None else "not the one that was made"
            return Finding(
                "shred key file",
                f"{version} is {which}: no tip is taken in by it, and nothing is renewed",
                f"move it away; {_BRING_BACK}",
            )
    newest = versions[-1]
    if known[newest].closed:
        return Finding(
            "shred key file",
            f"{newest} is an old one: no tip is taken in by it, and newer ones don't open",
            f"this folder is not the one that is renewed: mount that one, or {_BRING_BACK}",
        )
    age = known[newest].age
    others = f"; {len(versions) - 1} older being replaced" if versions[1:] else ""
    late = age > FILE_LIMIT_DAYS
    return Finding(
        "shred key file",
        f"{newest}, {age * 24:.0f} hours old{others}",
        "the worker renews it every night, in two places: see its log" if late else "",
    )


def _second(home: Home, files: ShredFiles, known: Mapping[int, _Row]) -> Finding:
    what, place = "second place", home.second_place
    if place is None:
        return Finding(
            what,
            "none: the shred key file lies on one disk, so it is not renewed, and what goes stays "
            "in backups",
            f"{UNSET}, and run `upstander second-place` (docs/how-to/retention.md)",
        )
    try:
        found = ShredFiles(place).found()
        one_disk = same_disk(home) and not demo_mark(home)
    except (VaultError, OSError) as error:
        return Finding(what, f"can't be read: {error}", "mount it, or as it says")
    lacks = [v for v in files.found() if v not in found and v in known and not known[v].closed]
    return _as_found(place, found, known, lacks) or Finding(
        what,
        f"{place} is on the same disk as {files.folder}: losing it loses every word"
        if one_disk
        else f"{place} holds file {', '.join(map(str, sorted(found)))}",
        "choose a folder on another disk or machine, and run `upstander second-place`"
        if one_disk
        else "",
    )


def _as_found(
    place: Path, found: Mapping[int, bytes], known: Mapping[int, _Row], lacks: list[int]
) -> Finding | None:
    what = "second place"
    wrong = [v for v, key in found.items() if v not in known or known[v].mark != mark_of(key)]
    if wrong:
        return Finding(
            what,
            f"{place / str(wrong[0])} is not a file of this database: nothing is renewed",
            "it is another installation's or of another backup: choose another folder, or move it",
        )
    if not found:
        return Finding(
            what,
            f"{place} holds no shred key file: nothing is renewed, and what goes stays in backups",
            "mount it; if it is new or was lost, run `upstander second-place`",
        )
    if lacks:
        return Finding(what, f"{place} lacks file {lacks[0]}", "run `upstander second-place`")
    return None


def _copies(home: Home) -> Finding:
    folder = home.key_copies
    if folder is None or not (folder / TOMBSTONES).exists():
        return Finding(
            "copies of the shred keys",
            f"{folder} can't be reached",
            "mount it again, or make the next backup with another folder",
        )
    days = oldest_copy(folder)
    return Finding(
        "copies of the shred keys",
        "none is there" if days is None else f"the oldest is {days:.0f} days old",
        f"destroy the old ones in {folder}, and see why the worker can't"
        if days is not None and days > COPY_LIMIT_DAYS
        else "",
    )


def _lasting(home: Home, folder: Path) -> Finding:
    """Look for the long-lived key files: no archive of the system holds them."""
    saved = is_saved(home, folder)
    return Finding(
        "archive of the keys",
        f"{'lies' if saved else 'as they are now, none lies'} in {folder}",
        "" if saved else "run `upstander backup`: without it no backup can be restored",
    )
