"""The archive of what must neither lie beside the database nor expire: key files and settings.

They open names, phone numbers and second factors of a dump, whoever's pepper marks stand in it, and
the providers' accounts. So they lie in the folder of the keys, apart from the archive of the
system. They seldom change, and nothing is forgotten by losing them: so there is one archive of each
state of them, called by what it holds, which no sweep destroys; written again it is the same to the
byte. Each archive of the system says which one belongs to it.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from upstander.command.archives import Archive, read_manifest
from upstander.command.errors import PlainError
from upstander.config.home import Home

KIND: Final = "keys"
_NAME: Final = "upstander-keys-{}.tar"
#: Files of the data folder itself that a restored system makes anew, or that an archive has of its
#: own; the others are the operator's (providers.toml and its tokens): without them a restored
#: system could page nobody by phone.
_NO_SETTINGS: Final = frozenset(
    {"key-copies", "last-backup", "static.stamp", "database.dump", "manifest.json"}
)


def archive_of(folder: Path, mark: str) -> Path:
    """Return where the archive of one state of the keys lies."""
    return folder / _NAME.format(mark)


def save(home: Home, folder: Path) -> Path:
    """Write the archive of the keys as they are now, unless it is there; return it."""
    held = _files_of(home)
    path = archive_of(folder, _mark(held))
    if _held_by(path) != held:
        # What a run left that was killed: this name is tried again.
        path.with_name(path.name + ".part").unlink(missing_ok=True)
        with Archive(path, KIND, _mark(held)) as archive:
            for name, content in held.items():
                archive.add_bytes(content, name)
    return path


def mark_of(path: Path) -> str:
    """Return which state of the keys an archive holds."""
    return path.stem.rpartition("-")[2]


def is_saved(home: Home, folder: Path) -> bool:
    """Whether a whole archive there holds each key file as it is now."""
    now = {name: content for name, content in _files_of(home).items() if name.startswith("keys/")}
    return any(now.items() <= _held_by(path).items() for path in folder.glob(_NAME.format("*")))


def _files_of(home: Home) -> dict[str, bytes]:
    """Return the long-lived key files and the settings by their names in the data folder."""
    found = [path for path in home.root.iterdir() if path.name not in _NO_SETTINGS]
    found += home.keys.iterdir()
    return {
        str(path.relative_to(home.root)): path.read_bytes()
        for path in sorted(found)
        if path.is_file() and not path.name.startswith(".")
    }


def _mark(held: Mapping[str, bytes]) -> str:
    """Return a name for what is held. Random keys are among it: nobody tries out what else is."""
    whole = hashlib.sha256()
    for name, content in held.items():
        whole.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()[:16]


def _held_by(path: Path) -> dict[str, bytes]:
    """Return what an archive of keys holds; nothing, if it isn't a whole one."""
    try:
        listed = read_manifest(path, KIND)["files"]
        with tarfile.open(path, "r:") as tar:
            files = {member.name: tar.extractfile(member) for member in tar}
            there = {name: file.read() for name, file in files.items() if file}
    except (PlainError, OSError, tarfile.TarError):
        return {}
    there.pop("manifest.json")
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in there.items()}
    return there if sums == listed else {}
