"""Signed checkpoints: c2sp.org/signed-note, /tlog-checkpoint and /tlog-cosignature."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from upstander.audit.verifier.ed25519 import ed25519_verify
from upstander.audit.verifier.tree import Wrong

ED25519, COSIGNED = b"\x01", b"\x04"
#: A checkpoint has some 350 bytes; whatever is far longer is none.
LONGEST = 100_000
Verify = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True)
class Key:
    """A record's public key, by the name that stands in its signatures."""

    name: str
    public: bytes

    def id(self, kind: bytes) -> bytes:
        """Return the four bytes that name this key for one kind of signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + kind + self.public).digest()[:4]

    def __str__(self) -> str:
        coded = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.id(ED25519).hex()}+{coded}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read `name+hash+base64`. Raises Wrong."""
        try:
            name, named, coded = text.strip().split("+", 2)
            raw = base64.b64decode(coded, validate=True)
        except ValueError:
            raise Wrong("this is no key: it reads name+hash+base64") from None
        key = cls(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != 33 or key.id(ED25519).hex() != named:
            raise Wrong("the key is damaged: its parts do not fit each other")
        return key


@dataclass(frozen=True)
class Checkpoint:
    """What was signed: so many entries, with this root, at this time (seconds since 1970, UTC)."""

    origin: str
    size: int
    root: bytes
    time: int
    text: str

    @property
    def when(self) -> str:
        """Its time in words."""
        moment = datetime.fromtimestamp(self.time, UTC)
        return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def open_checkpoint(text: str, keys: Sequence[Key], verify: Verify = ed25519_verify) -> Checkpoint:
    """Return what a checkpoint says, once a known key vouches for it and its time. Raises Wrong.

    Signatures of unknown keys are passed over, as the format asks; a wrong one of a known key is
    never.
    """
    body, blank, signatures = text.rpartition("\n\n")
    body += "\n"
    if not blank or len(text) > LONGEST:
        raise Wrong("this is no checkpoint")
    origin, size, root = _read_body(body)
    plain, at = False, -1
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, coded = rest.rpartition(" ")
        try:
            raw = base64.b64decode(coded, validate=True)
        except ValueError:
            continue
        for key in keys:
            if (dash, name, raw[:4]) == ("\u2014", key.name, key.id(ED25519)):
                if not verify(key.public, body.encode(), raw[4:]):
                    raise Wrong("the checkpoint's signature is forged, or its text was changed")
                plain = True
            elif (dash, name, raw[:4]) == ("\u2014", key.name, key.id(COSIGNED)):
                at = int.from_bytes(raw[4:12], "big")
                if not verify(key.public, timed(body, at), raw[12:]):
                    raise Wrong("the checkpoint's signed time is forged, or its text was changed")
    # 2100, after which a time is a mistake; it would also be no date that Python can say.
    if not plain or not 0 <= at < 4_102_444_800:
        raise Wrong("no key that you trust has signed this checkpoint and its time")
    return Checkpoint(origin, size, root, at, text)


def timed(body: str, at: int) -> bytes:
    """Return what is signed so that a time (seconds since 1970) stands beside a checkpoint."""
    return f"cosignature/v1\ntime {at}\n{body}".encode()


def _read_body(body: str) -> tuple[str, int, bytes]:
    origin, *rest = body.split("\n")
    try:
        size, root = int(rest[0]), base64.b64decode(rest[1], validate=True)
    except (ValueError, IndexError):
        raise Wrong("this is no checkpoint") from None
    if not origin or len(root) != 32 or size < 0 or str(size) != rest[0]:
        raise Wrong("this is no checkpoint")
    return origin, size, root
