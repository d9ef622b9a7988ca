"""Key files: the secrets of the installation that live outside the database.

A stolen database tells no story because these lie elsewhere. Each key is one file of exactly 32
bytes, readable by its owner alone. ``READERS`` is the wall between the processes: it is checked
here, and in production file permissions (one account a process) say the same.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .errors import KeyDamaged, KeyExposed, KeyMissing, KeyNotForProcess

KEY_BYTES: Final = 32

# `command` makes, backs up and restores every file; `test` stands for all processes at once.
_OPERATORS: Final = frozenset({"command", "test"})

READERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        # Return codes are made and read on the reporter's side only: the desk could not look a
        # reporter's code up if it wanted to.
        "code": _OPERATORS | {"public"},
        "code-pepper": _OPERATORS | {"public"},
        # A stolen login table cannot be guessed at without this.
        "password-pepper": _OPERATORS | {"desk"},
        # Hides which person a conflicted matter is about; whoever pages must respect the exclusion.
        "person-pepper": _OPERATORS | {"desk", "worker"},
        # Names, phones and second factors of staff; the worker needs a phone number to page.
        "field": _OPERATORS | {"desk", "worker"},
        # Who can sign can introduce a new holder: never the process that the internet talks to.
        "signing": _OPERATORS | {"desk"},
        "verify": _OPERATORS | {"public", "desk", "worker"},
        # Vouches for the record to outsiders. Neither the database nor the desk can sign: who
        # rewrites one, or controls the other, has no checkpoint that fits.
        "checkpoint": _OPERATORS | {"worker"},
        "checkpoint-verify": _OPERATORS | {"desk", "worker"},
        # The link by which somebody answers a page without signing in.
        "answer": _OPERATORS | {"desk", "worker"},
        # Marks phone numbers so that a reply is matched without one in clear; seals what is spoken
        # in a call until the provider has fetched it through the public site.
        "carrier": _OPERATORS | {"public", "desk", "worker"},
        # Names the sender of a web push (RFC 8292) to the browsers' push services.
        "vapid": _OPERATORS | {"desk", "worker"},
        "django-public": _OPERATORS | {"public"},
        "django-desk": _OPERATORS | {"desk"},
    }
)

#: The folder, beside the keys, of the files that wrap the shred keys (``shred_files.py``): every
#: process reads them, the worker renews them nightly, and destroying the old one forgets.
SHRED_FOLDER: Final = "shred"

#: Public halves, and of which key each one is.
_HALVES: Final[Mapping[str, str]] = MappingProxyType(
    {"verify": "signing", "checkpoint-verify": "checkpoint"}
)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key files in one folder (``home.keys``), as one process may read them.

    ``process`` is one of public, desk, worker, command, test (``UPSTANDER_PROCESS``); None checks
    no reader and is meant for tools that handle all files alike.
    """

    path: Path
    process: str | None = None

    def read(self, name: str) -> bytes:
        """Return the 32 bytes of one key.

        Raises KeyNotForProcess, KeyMissing, KeyExposed or KeyDamaged; each message says the mend.
        """
        readers = READERS.get(name)
        if readers is None:
            raise KeyMissing(f"There is no key called {name!r}; known are {', '.join(READERS)}.")
        if self.process is not None and self.process not in readers:
            raise KeyNotForProcess(
                f"The {self.process} process may not read the key {name!r}; "
                f"it is for {', '.join(sorted(readers - {'test'}))}."
            )
        return read_key_file(self.path / name)

    def missing(self) -> tuple[str, ...]:
        """Return the names of the keys that have no file, in the order of ``READERS``."""
        return tuple(name for name in READERS if not (self.path / name).exists())

    def ensure(self) -> tuple[str, ...]:
        """Create the key files that are missing and return their names; existing ones are kept.

        Safe to run from several processes at once: the first to finish a file wins. Raises
        KeyMissing when a signing key is lost but its public half is in use: a new one would make
        every stored public key look swapped, or the record forged; or the shred key file is lost.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        missing = self.missing()
        # First, that whoever sees any other key finds this one: its absence means that it was lost.
        self._ensure_shred_file(new=len(missing) == len(READERS))
        for half, whole in _HALVES.items():
            # Looked at again: another process may have made both since, the private half first.
            if whole in missing and half not in missing and not (self.path / whole).exists():
                raise KeyMissing(
                    f"{self.path / whole} is missing while {self.path / half} exists. "
                    "Restore it from the backup of the keys."
                )
        for name in missing:
            if name in _HALVES:
                # READERS lists the private halves first, so their files stand by now.
                private = Keyring(self.path).read(_HALVES[name])
                key = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
            else:
                key = secrets.token_bytes(KEY_BYTES)
            create_key_file(self.path / name, key)
        return missing

    def _ensure_shred_file(self, *, new: bool) -> None:
        """Make the first shred key file of a new installation; elsewhere it must be there.

        Raises KeyMissing: it was lost, and a new one would open nothing.
        """
        folder = self.path / SHRED_FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        before = self.path / "shred-1"
        if before.exists():  # where it lay until it was renewed nightly
            before.rename(folder / "1")
        if any(file.name.isdecimal() for file in folder.iterdir()):
            return
        if not new:
            raise KeyMissing(
                f"{folder} holds no shred key file. Mount it if it lies elsewhere; if it was lost, "
                "`upstander second-place` brings it back from the second place "
                "(UPSTANDER_SECOND_PLACE), or restore it from the backup of the shred keys."
            )
        create_key_file(folder / "1", secrets.token_bytes(KEY_BYTES))


def read_key_file(file: Path, *, group: bool = False) -> bytes:
    """Return the 32 bytes of a key file that is closed to others; ``group``: not to its group.

    Raises KeyMissing, KeyExposed, KeyDamaged; each message says the mend.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise KeyMissing(
            f"{file} is missing. On a new installation run `upstander init`; "
            "otherwise restore it from the backup of the keys."
        ) from error
    except OSError as error:
        raise KeyMissing(
            f"{file} cannot be opened ({error.strerror}). Give it to the account that runs "
            "this process, with mode 0600."
        ) from error
    with os.fdopen(descriptor, "rb") as handle:
        # The open file is judged, not the name: the name could be swapped in between.
        mode = os.fstat(handle.fileno()).st_mode & 0o777
        if mode & (0o037 if group else 0o077):
            raise KeyExposed(
                f"{file} has mode {mode:04o}: other accounts can reach it. "
                f"Run `chmod 600 {file}`, and renew the key if someone may have read it."
            )
        key = handle.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise KeyDamaged(
            f"{file} does not hold exactly {KEY_BYTES} bytes. "
            "Restore it from the backup of the keys."
        )
    return key


def create_key_file(file: Path, key: bytes, *, mode: int = 0o600) -> None:
    """Write a whole key file that appears at once, or leave the one that is there."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            os.fchmod(descriptor, mode)  # whatever the umask says of the group
            handle.write(key)
            handle.flush()
            os.fsync(handle.fileno())
        try:
            # link() fails where rename() would replace: a key in use is never overwritten.
            os.link(draft, file)
        except FileExistsError:
            return
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink()
