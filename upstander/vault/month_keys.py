"""Key pairs to which a browser seals what it can't send yet: HPKE (RFC 9180) with P-256.

One pair a month, and the last but one is destroyed: who takes the server opens what was sealed in
the last two months and is still somewhere, and nothing older. Not hybrid as ``hybrid`` is: browsers
have P-256 in their own WebCrypto and no lattice, and what lies on a phone lies there for hours.

The private halves are the public process's own, in a folder beside its other keys, and in no
backup: what was sealed before a restore can't be opened after it, and its writer is told.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .errors import Forgotten, KeyMissing, SealBroken
from .keyring import KEY_BYTES, create_key_file, read_key_file

#: How many months' keys are kept, the one in force among them.
KEPT: Final = 2
#: As the browser says it (upstander/webapp/static/webapp/hpke.js).
INFO: Final = b"upstander/1/app report"
SUITE: Final = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class PublicHalf(NamedTuple):
    """What a browser seals to: the month's name, and the point, uncompressed (65 bytes)."""

    month: str
    point: bytes


class MonthKeys:
    """The key files of one folder, named by their months (``2026-12``, UTC)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self, now: datetime | None = None) -> PublicHalf:
        """Return this month's public half; the month's first caller makes the key.

        ``now`` is the machine's clock: nothing hangs on the moment, and the database may be away.
        Raises KeyFileError; the folder can't be written.
        """
        month = f"{now or datetime.now(UTC):%Y-%m}"
        file = self.folder / month
        try:
            if not file.exists():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                made = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
                create_key_file(file, made.to_bytes(KEY_BYTES, "big"))
                self._destroy_old(month)
        except OSError as error:
            raise KeyMissing(f"{self.folder} can't be written ({error.strerror}).") from error
        public = _private(file).public_key()
        point = public.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return PublicHalf(month, point)

    def open(self, month: str, sealed: bytes) -> bytes:
        """Open what a browser sealed to a month's key.

        Raises Forgotten: the month's key was destroyed; SealBroken: it was sealed to another key,
        or is nonsense; KeyFileError.
        """
        if month not in self._months():
            raise Forgotten(f"{self.folder} has no key of {month!r}")
        try:
            return SUITE.decrypt(sealed, _private(self.folder / month), info=INFO)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("a sealed report") from error

    def _months(self) -> list[str]:
        try:
            return sorted(file.name for file in self.folder.iterdir() if file.name[0] != ".")
        except FileNotFoundError:
            return []

    def _destroy_old(self, current: str) -> None:
        """Destroy what is neither the month's nor the one before it.

        A clock that ran ahead may have left a month to come; that one goes as soon as it is past.
        """
        past = [month for month in self._months() if month < current]
        for month in past[: -(KEPT - 1)]:
            file = self.folder / month
            try:
                with file.open("r+b") as handle:
                    handle.write(secrets.token_bytes(KEY_BYTES))
                    handle.flush()
                    os.fsync(handle.fileno())
                file.unlink()
            except FileNotFoundError:  # another process was as quick
                continue


def _private(file: Path) -> ec.EllipticCurvePrivateKey:
    """Read a private key. Raises KeyFileError."""
    return ec.derive_private_key(int.from_bytes(read_key_file(file), "big"), ec.SECP256R1())
