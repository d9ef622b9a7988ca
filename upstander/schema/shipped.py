"""What a release ships: the digest of each thing that must stand, a file for each app.

`<app>/sql/digests.txt` has a line for each function, trigger, policy and table of an app; the
schema's own has the roles, schemas and rights that belong to none. `make digests` writes them from
a database made from nothing; a test makes another and compares.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from upstander.schema.standing import Key, server_version, standing
from upstander.schema.texts import definitions, our_apps, tables_of

#: The version whose forms the digests are of. It is the one that the package brings with it.
POSTGRES = 18


@dataclass(frozen=True)
class Difference:
    """One thing that does not stand as it was shipped."""

    kind: str
    name: str
    how: str
    """"changed", "missing" or "not ours"."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.how}"


def _file(folder: Path) -> Path:
    return folder / "sql" / "digests.txt"


def shipped() -> dict[Key, str]:
    """Return what this release ships: of each thing its digest."""
    found: dict[Key, str] = {}
    for app in our_apps():
        path = _file(Path(app.path))
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                digest, kind, name = line.split("\t")
                found[kind, name] = digest
    return found


def differences() -> list[Difference]:
    """Compare what stands with what was shipped, and name each thing that differs.

    Any login role may ask: it reads the catalogs alone. Raises WrongVersion on a server of another
    major version than POSTGRES, whose forms can't be compared with these.
    """
    with connection.cursor() as cursor:
        version = server_version(cursor)
        if version != POSTGRES:
            raise WrongVersion(version)
        now = standing(cursor)
    wanted = shipped()
    keys = sorted(k for k in now.keys() | wanted.keys() if now.get(k) != wanted.get(k))
    return [Difference(*key, _how(key in now, key in wanted)) for key in keys]


def _how(is_there: bool, is_wanted: bool) -> str:
    if not is_there:
        return "missing"
    return "changed" if is_wanted else "not ours"


def standing_faults() -> list[str]:
    """Say in words what does not stand as it was shipped; empty if all of it does."""
    try:
        return [f"in the database, {difference}" for difference in differences()]
    except WrongVersion as wrong:
        return [f"what guards the record can't be compared: {wrong}"]


class WrongVersion(Exception):
    """The server is of another major version than the digests."""

    def __init__(self, version: int) -> None:
        super().__init__(f"PostgreSQL {version}; the digests are of {POSTGRES}")
        self.version = version


def write() -> int:
    """Write every app's file anew from the database at hand. Returns how many things there are."""
    with connection.cursor() as cursor:
        now = standing(cursor)
    folders = {app.label: Path(app.path) for app in our_apps()}
    lines: dict[str, list[str]] = defaultdict(list)
    for (kind, name), digest in sorted(now.items()):
        lines[_app_of(kind, name)].append(f"{digest}\t{kind}\t{name}\n")
    for label, folder in folders.items():
        path = _file(folder)
        if label in lines:
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(lines[label]), "utf-8")
        else:
            path.unlink(missing_ok=True)
    return len(now)


def _app_of(kind: str, name: str) -> str:
    """Return the app in whose file a thing is: that which defines it, else that of its table."""
    bare = name.split("(", 1)[0]
    one = definitions().get((kind, bare))
    if one is not None:
        return one.app
    return _owners().get(bare.removesuffix("_id_seq"), "schema")


def _owners() -> dict[str, str]:
    return {t.name: app.label for app in our_apps() for t in tables_of(app) if t.is_of(app.label)}
