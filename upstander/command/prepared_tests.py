"""The tests' data folder as it is before the first test, kept from one run to the next.

To set a server up, migrate it and make the cast takes each process of a run four seconds; to copy
the folder a fifth of one. It is kept by a digest of everything that it could depend on, so that a
changed line makes it anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
#: What the tests have to know of the cast, beside the database in which it is.
CAST = "cast.pickle"
_KEPT = SOURCE / ".pytest_cache" / "prepared"
#: Seconds after which whoever began to keep a folder has been killed.
_LEFT_BEHIND = 600.0
#: Of a run alone: locks, logs, sockets, and what its sites have seen.
_NOT_KEPT = shutil.ignore_patterns("run", "postmaster.pid", "postmaster.opts", "pins")


@cache
def _digest() -> str:
    """Digest all sources but the tests', what is installed, and whose they are."""
    digest = hashlib.sha256(f"{sys.version} {os.getuid()} {SOURCE}".encode())
    files = [SOURCE / "conftest.py", SOURCE / "requirements" / "dev.txt"]
    for folder, within, names in os.walk(SOURCE / "upstander"):
        within[:] = sorted(set(within) - {"__pycache__", "tests", "static", "templates"})
        files += [Path(folder) / name for name in sorted(names)]
    for file in files:
        digest.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def copy_to(root: Path) -> bool:
    """Fill an empty folder with what was kept of these sources; False when there is nothing."""
    kept = _KEPT / _digest()
    if not kept.is_dir():
        return False
    try:
        shutil.copytree(kept, root, symlinks=True, dirs_exist_ok=True)
    except OSError:  # a run over other sources has just removed it
        for part in root.iterdir():
            shutil.rmtree(part, ignore_errors=True)
        return False
    return True


@contextmanager
def keeping(root: Path) -> Iterator[bool]:
    """Give whether this process is the one that keeps its folder; keep it after the block.

    The block stops the server. What others kept of older sources goes.
    """
    kept = _KEPT / _digest()
    unfinished = kept.with_suffix(".unfinished")
    if not _begun(kept, unfinished):
        yield False
        return
    try:
        yield True
        shutil.copytree(root, unfinished, ignore=_NOT_KEPT, symlinks=True, dirs_exist_ok=True)
        os.sync()  # the copy must not be half there after a power cut
        unfinished.rename(kept)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for old in set(_KEPT.iterdir()) - {kept, unfinished}:
        shutil.rmtree(old, ignore_errors=True)


def _begun(kept: Path, unfinished: Path) -> bool:
    """Claim the keeping for this process; False when another has it, had it, or none can."""
    try:
        _KEPT.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if time.time() - unfinished.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
    except OSError:
        return False
    if kept.exists():  # another came first and is done; nobody else begins as long as this one has
        unfinished.rmdir()
        return False
    return True
