"""The archives of `upstander backup`: whole or not there, each file in them with its sum.

The archive of the shred keys is written last and bears the SHA-256 of the other two: by it
`restore` knows them, wherever they lay (docs/adr/0153-the-archives-lie-apart.md).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Buffer, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from upstander.command.errors import PlainError
from upstander.config.home import Home

FORMAT = 3

#: What each kind may hold: nothing else of an archive is written anywhere. Names that begin with a
#: dot are never saved, so that no way leads up either.
_NAMES: Final[Mapping[str, re.Pattern[str]]] = {
    "system": re.compile(r"database\.dump|pins/[^/.][^/]*|files(/[^/.][^/]*)+"),
    "shred keys": re.compile(r"keys/shred/[0-9]+"),
    # The operator's settings lie in the data folder itself (lasting_keys.py).
    "keys": re.compile(r"(keys/)?[^/.][^/]*"),
}


class Writer:
    """A tar archive that ends with a list of what it holds, each with its SHA-256."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.sums: dict[str, str] = {}

    def add_file(self, path: Path, name: str) -> None:
        """Add a file; one that was removed meanwhile is left out."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            member = tarfile.TarInfo(name)
            member.size = os.fstat(file.fileno()).st_size
            member.mode = 0o600
            reader = _Summing(file)
            self.tar.addfile(member, reader)
            self.sums[name] = reader.digest.hexdigest()

    def add_bytes(self, content: bytes, name: str) -> None:
        """Add a small file from memory."""
        self.sums[name] = hashlib.sha256(content).hexdigest()
        member = tarfile.TarInfo(name)
        member.size = len(content)
        member.mode = 0o600
        self.tar.addfile(member, io.BytesIO(content))


class _Summing(io.BufferedIOBase):
    """A file that sums what is read of it or written into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes."""
        piece = self.file.read(-1 if size is None else size)
        self.digest.update(piece)
        return piece

    def write(self, piece: Buffer, /) -> int:
        """Write it."""
        self.digest.update(piece)
        return self.file.write(piece)


class Archive:
    """Write an archive that is there whole or not at all, readable by this account only.

    `digest` is then the SHA-256 of what was written, in hex; it isn't read back from the folder.
    """

    digest: str

    def __init__(self, path: Path, kind: str, number: str, **more: object) -> None:
        self.path = path
        self.kind = kind
        self.number = number
        self.more = more
        self.draft = path.with_name(path.name + ".part")

    def __enter__(self) -> Writer:
        handle = os.open(self.draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(handle, "wb")
        self.summing = _Summing(self.file)
        self.tar = tarfile.open(fileobj=self.summing, mode="w|")
        self.writer = Writer(self.tar)
        return self.writer

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            manifest = {
                "upstander": FORMAT,
                "kind": self.kind,
                "backup": self.number,
                **self.more,
                "files": self.writer.sums,
            }
            self.writer.add_bytes(json.dumps(manifest).encode(), "manifest.json")
        self.tar.close()
        if kind is None:
            self.file.flush()
            os.fsync(self.file.fileno())
        self.file.close()
        if kind is None:
            self.draft.rename(self.path)
            self.digest = self.summing.digest.hexdigest()
        else:
            self.draft.unlink()


def now() -> str:
    """Return the moment as manifests have it, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of an archive, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(path: Path, kind: str) -> dict[str, Any]:
    """Return what an archive says of itself. Raises PlainError: it holds what it must not, too."""
    try:
        with tarfile.open(path, "r:") as tar:
            file = tar.extractfile("manifest.json")
            manifest: dict[str, Any] = json.load(file) if file else {}
            held = {member.name for member in tar} - {"manifest.json"}
    except (OSError, KeyError, tarfile.TarError, ValueError) as error:
        raise PlainError(f"{path} is no whole archive of `upstander backup` ({error})") from None
    if manifest.get("kind") != kind:
        raise PlainError(f"{path} is not the archive of the {kind}")
    if manifest.get("upstander") != FORMAT:
        raise PlainError(f"{path} was written by another release; use that one to restore it")
    for name in sorted(held | manifest["files"].keys()):
        if not _NAMES[kind].fullmatch(name):
            raise PlainError(
                f"{path} holds {name!r}, which no backup puts there: somebody changed it. Nothing "
                "was restored"
            )
    return manifest


def extract(path: Path, manifest: dict[str, Any], home: Home, digest: str | None = None) -> None:
    """Write what the manifest lists below the data folder, checking each sum.

    With a digest, also that all that was read is that archive: it may lie on another's machine,
    which need not give the same twice.
    """
    left = dict(manifest["files"])
    with path.open("rb") as file:
        summing = _Summing(file)
        with tarfile.open(fileobj=summing, mode="r|") as tar:
            for member in tar:
                if member.name != "manifest.json":
                    _write_out(path, tar, member, left.pop(member.name, None), home)
        for _ in pieces(summing):
            pass
    if left:
        raise PlainError(f"{path} is damaged: {len(left)} files are missing")
    if digest is not None and summing.digest.hexdigest() != digest:
        raise PlainError(f"{path} was changed while it was read")


def _write_out(
    path: Path, tar: tarfile.TarFile, member: tarfile.TarInfo, wanted: str | None, home: Home
) -> None:
    source = tar.extractfile(member) if member.isfile() else None
    if wanted is None or source is None:
        raise PlainError(f"{path} holds {member.name!r}, which it should not")
    goal = home.root / member.name
    goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle = os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in pieces(source):
            digest.update(piece)
            file.write(piece)
    if digest.hexdigest() != wanted:
        raise PlainError(f"{path} is damaged: {member.name} is not what was saved")


def pieces(source: IO[bytes] | io.BufferedIOBase) -> Iterator[bytes]:
    """Give what is left of a file, a megabyte at a time."""
    while piece := source.read(2**20):
        yield piece
