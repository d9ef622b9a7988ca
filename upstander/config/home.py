"""The data folder: where everything lies that must outlive a process."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from upstander.config import environment

#: A unix socket's whole path must fit into 107 bytes on Linux; PostgreSQL adds `/.s.PGSQL.5432`.
LONGEST_SOCKET_FOLDER = 90


@dataclass(frozen=True)
class Home:
    """The data folder and its parts. Nothing is created until `ensure()`."""

    root: Path

    @classmethod
    def from_env(cls) -> Home:
        """The folder named by UPSTANDER_HOME, by default `var` beside the source."""
        named = environment.given("UPSTANDER_HOME")
        return cls(Path(named).resolve() if named else Path(__file__).resolve().parents[2] / "var")

    @property
    def keys(self) -> Path:
        """Key files, one a secret (`upstander.vault.keyring`)."""
        return self.root / "keys"

    @property
    def second_place(self) -> Path | None:
        """Where the nightly shred key file lies too (UPSTANDER_SECOND_PLACE); None: nowhere.

        The demo has one of its own, on the same disk: it is a demo.
        """
        if named := environment.given("UPSTANDER_SECOND_PLACE"):
            return Path(named).resolve()
        return self.root / "second-place" if (self.root / "demo").exists() else None

    @property
    def files(self) -> Path:
        """Encrypted attachments."""
        return self.root / "files"

    @property
    def languages(self) -> Path:
        """Who agreed to the texts of a language, one file each."""
        return self.root / "languages"

    @property
    def recordings(self) -> Path:
        """What can be heard of the form, a folder for each language (`upstander recordings`)."""
        return self.root / "recordings"

    @property
    def passwords(self) -> Path:
        """Passwords of the database roles, one file each."""
        return self.root / "passwords"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's data."""
        return self.root / "postgres"

    @property
    def record(self) -> Path:
        """The record's last and nightly checkpoints: outside the database, against its owner."""
        return self.root / "record"

    @property
    def pins(self) -> Path:
        """What the sites have seen stated last (`upstander.vault.pins`): outside the database."""
        return self.root / "pins"

    @property
    def key_copies(self) -> Path | None:
        """Where `upstander backup` last put the copy of the shred keys; None: nowhere yet."""
        said = self.root / "key-copies"
        return Path(said.read_text("utf-8").strip()) if said.exists() else None

    @property
    def run(self) -> Path:
        """What only running processes need: locks, heartbeats, logs, the socket."""
        return self.root / "run"

    @property
    def socket(self) -> Path:
        """The folder of the embedded PostgreSQL's unix socket: `run`, or a short one under /tmp.

        The short one is named by a hash of the data folder, so that all processes find it.
        """
        if len(os.fsencode(self.run)) < LONGEST_SOCKET_FOLDER:
            return self.run
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path("/tmp") / f"upstander-{name}"  # noqa: S108 (see ensure: 0700 and ours, or refused)

    def ensure(self) -> Home:
        """Create the folders, readable by this account only.

        Raises PermissionError if the short socket folder belongs to somebody else.
        """
        for folder in (self.root, self.keys, self.files, self.passwords, self.run, self.socket):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.socket != self.run:
            self._claim_socket_folder()
        return self

    def _claim_socket_folder(self) -> None:
        """Refuse a folder that somebody else put under our name; /tmp is everybody's."""
        seen = self.socket.lstat()
        ours = {os.geteuid()}
        if self.postgres.exists():
            # Where root runs PostgreSQL as another account, the socket's folder is that account's.
            ours.add(self.postgres.stat().st_uid)
        if stat.S_ISLNK(seen.st_mode) or seen.st_uid not in ours:
            raise PermissionError(f"{self.socket} belongs to someone else; remove it")
        if seen.st_mode & 0o077:
            self.socket.chmod(0o700)
