"""Pins: what a site has seen signed last of each subject, in a file of its own.

Whoever writes the database can delete the newest statement or key, and put an older one back that
was signed as well. They can't write these files. A pin keeps the whole of what verified, so that
a site goes on by it: a forged or missing row refuses nobody's tip.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db import transaction

log = logging.getLogger("upstander.vault")

_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True)
class Pin:
    """A signed thing with the counter by which the newer is known from the older."""

    counter: int
    text: str
    signature: bytes = field(repr=False)


#: Tells whether a pin is what was signed for its subject.
type Check = Callable[[Pin], bool]


@dataclass(frozen=True, slots=True)
class Pins:
    """One file a subject, in one folder that both sites share. Made when the first is kept."""

    folder: Path

    def of(self, subject: str) -> Pin | None:
        """Return what is pinned of a subject; None for nothing, or a file that is no pin."""
        try:
            told = json.loads((self.folder / subject).read_bytes())
            return Pin(int(told["counter"]), str(told["text"]), bytes.fromhex(told["signature"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the pin of %s can't be read: %s", subject, type(error).__name__)
            return None

    def subjects(self, kind: str = "") -> list[str]:
        """Return the pinned subjects, or those of a kind: what stands before their colon."""
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        wanted = f"{kind}:" if kind else ""
        return sorted(name for name in names if name.startswith(wanted) and name[0] != ".")

    def standing(self, subject: str, found: Pin | None, check: Check) -> Pin | None:
        """Return the last of a subject that verifies: what was found, or what is pinned.

        What was found and is newer is pinned, once the transaction that reads it has committed:
        its own writes may yet be taken back.
        """
        pinned = self.of(subject)
        spoilt = pinned is not None and not check(pinned)
        if spoilt:
            log.error("the pin of %s is not what was signed", subject)
            pinned = None
        if found is not None and check(found) and fits(found, pinned):
            if pinned is None or found.counter > pinned.counter:
                transaction.on_commit(lambda: self.keep(subject, found, back=spoilt))
            return found
        if pinned is not None:
            log.error("what stands of %s is not what was signed last: the pin counts", subject)
        elif found is not None:
            log.error("what stands of %s is not what was signed: it counts for nothing", subject)
        return pinned

    def keep(self, subject: str, pin: Pin, *, back: bool = False) -> None:
        """Pin what was seen, unless another process has pinned a newer one; ``back``: even then.

        A folder that can't be written stops nobody: what is newer counts all the same, and
        `upstander doctor` tells.
        """
        try:
            with self._locked():
                before = self.of(subject)
                if before is None or before.counter < pin.counter or back:
                    self._write(subject, pin)
        except OSError:
            log.error("%s can't be pinned in %s", subject, self.folder)

    def drop(self, subject: str) -> None:
        """Forget what is pinned of a subject; nothing if there is none."""
        with self._locked():
            (self.folder / subject).unlink(missing_ok=True)

    @property
    def _mode(self) -> int:
        """Files are the group's too where the folder is: each site has an account of its own."""
        return 0o660 if self.folder.stat().st_mode & 0o020 else 0o600

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, self._mode)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _write(self, subject: str, pin: Pin) -> None:
        told = {"counter": pin.counter, "text": pin.text, "signature": pin.signature.hex()}
        draft = self.folder / f".{subject}.{secrets.token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, self._mode)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, self._mode)  # whatever the umask says of the group
            file.write(json.dumps(told).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.folder / subject)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def fits(found: Pin, pinned: Pin | None) -> bool:
    """Tell whether what was found is what is pinned, or newer. Of one counter there is one text."""
    if pinned is None or found.counter > pinned.counter:
        return True
    return found.counter == pinned.counter and found.text == pinned.text
