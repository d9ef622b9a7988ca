"""What `upstander doctor` says of the file that wraps the shred keys, and of its copies."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from upstander.command.finding import Finding
from upstander.command.serve import demo_mark
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
from upstander.retention.copies import TOMBSTONES, oldest_copy
from upstander.vault.keyring import SHRED_FOLDER
from upstander.vault.shred_files import ShredFiles

#: Days since the file was made; it is renewed every night.
FILE_LIMIT_DAYS = 2.0
#: Days that a copy of it may be old: what was forgotten before is gone from backups by then.
COPY_LIMIT_DAYS = 35.0


def check_shred_keys(home: Home) -> Iterator[Finding]:
    """The file is the right one and of last night, every row has its file, copies are young."""
    files = ShredFiles(home.keys / SHRED_FOLDER)
    versions = files.versions()
    with psycopg.connect(conninfo_for(Role.OWNER, home)) as connection:
        known = {
            version: (bytes(mark), float(age))
            for version, mark, age in connection.execute(
                "SELECT version, mark, extract(epoch FROM api.clock_now() - made_at) / 86400"
                " FROM vault_shredfile WHERE version = ANY (%s)",
                [versions],
            )
        }
        lost = connection.execute(
            "SELECT count(*) FROM vault_shredkey WHERE NOT file_version = ANY (%s)", [versions]
        ).fetchone()
    yield _file(files, versions, known)
    if lost and lost[0]:
        mend = (
            "bring the missing file back from the newest copy, at once (docs/how-to/retention.md)"
        )
        says = f"{lost[0]} are wrapped by a file that is not there: they don't open"
        yield Finding("shred keys", says, mend)
    if home.key_copies is not None and not demo_mark(home):
        yield _copies(home)


def _file(files: ShredFiles, versions: list[int], known: dict[int, tuple[bytes, float]]) -> Finding:
    swapped = [one for one in versions if one in known and known[one][0] != files.mark(one)]
    if swapped:
        return Finding(
            "shred key file",
            f"{swapped[0]} is not the one that was made",
            "restore the right one from the copies; until then nothing is renewed",
        )
    newest = versions[-1]
    if newest not in known:
        return Finding("shred key file", f"{newest}, not yet known to the worker")
    age = known[newest][1]
    others = f"; {len(versions) - 1} older being replaced" if versions[1:] else ""
    late = age > FILE_LIMIT_DAYS
    return Finding(
        "shred key file",
        f"{newest}, {age * 24:.0f} hours old{others}",
        "the worker renews it every night: see its log" if late else "",
    )


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
