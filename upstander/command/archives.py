"""The archives of `upstander backup`: whole or not there, and each file in them with its sum."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from upstander.command.errors import PlainError
from upstander.config.home import Home

FORMAT = 3


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


class _Summing:
    """A file that sums what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes."""
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


class Archive:
    """Write an archive that is there whole or not at all, readable by this account only."""

    def __init__(self, path: Path, kind: str, number: str, **more: str) -> None:
        self.path = path
        self.kind = kind
        self.number = number
        self.more = more
        self.draft = path.with_name(path.name + ".part")

    def __enter__(self) -> Writer:
        handle = os.open(self.draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(handle, "wb")
        self.tar = tarfile.open(fileobj=self.file, mode="w")
        self.writer = Writer(self.tar)
        return self.writer

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            manifest = {
                "upstander": FORMAT,
                "kind": self.kind,
                "backup": self.number,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
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
        else:
            self.draft.unlink()


def read_manifest(path: Path, kind: str) -> dict[str, Any]:
    try:
        with tarfile.open(path, "r:") as tar:
            file = tar.extractfile("manifest.json")
            manifest: dict[str, Any] = json.load(file) if file else {}
    except (OSError, KeyError, tarfile.TarError, ValueError) as error:
        raise PlainError(f"{path} is no whole archive of `upstander backup` ({error})") from None
    if manifest.get("kind") != kind:
        raise PlainError(f"{path} is not the archive of the {kind}")
    if manifest.get("upstander") != FORMAT:
        raise PlainError(f"{path} was written by another release; use that one to restore it")
    return manifest


def extract(path: Path, manifest: dict[str, Any], home: Home) -> None:
    """Write what the manifest lists below the data folder, checking each sum."""
    left = dict(manifest["files"])
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            if member.name == "manifest.json":
                continue
            wanted = left.pop(member.name, None)
            source = tar.extractfile(member) if member.isfile() else None
            goal = (home.root / member.name).resolve()
            if wanted is None or source is None or not goal.is_relative_to(home.root.resolve()):
                raise PlainError(f"{path} holds {member.name!r}, which it should not")
            goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            digest = hashlib.sha256()
            handle = os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                for piece in _pieces(source):
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != wanted:
                raise PlainError(f"{path} is damaged: {member.name} is not what was saved")
    if left:
        raise PlainError(f"{path} is damaged: {len(left)} files are missing")


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(2**20):
        yield piece
