"""The record's own key: signs checkpoints in the worker, checks them quickly everywhere else."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from upstander.audit.verifier.checkpoints import (
    COSIGNED,
    ED25519,
    Checkpoint,
    Key,
    open_checkpoint,
    timed,
)
from upstander.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the record's name and its private key (32 bytes, the key file `checkpoint`)."""

    name: str
    private: bytes = field(repr=False)

    @property
    def key(self) -> Key:
        """The public half, as outsiders are given it."""
        signing = Ed25519PrivateKey.from_private_bytes(self.private)
        return Key(self.name, signing.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes, at: int) -> str:
        """Return the checkpoint of a tree: signed once as it is, once with the time beside it.

        ``at`` is in seconds since 1970. The second signature is a c2sp.org/tlog-cosignature by the
        same key, a standard way to say when; its other first line keeps the two apart.
        """
        body = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        signing = Ed25519PrivateKey.from_private_bytes(self.private)
        signatures = (
            self.key.id(ED25519) + signing.sign(body.encode()),
            self.key.id(COSIGNED) + at.to_bytes(8, "big") + signing.sign(timed(body, at)),
        )
        lines = (f"\u2014 {self.name} {base64.b64encode(raw).decode()}\n" for raw in signatures)
        return body + "\n" + "".join(lines)


def signer() -> Signer:
    """Return the record's signer; only the worker and the operator's command may read its key."""
    ring = Keyring(settings.HOME.keys, settings.PROCESS)
    return Signer(settings.RECORD_NAME, ring.read("checkpoint"))


def public_key() -> Key:
    """Return the record's public key, to be given to whoever watches it, out of band."""
    ring = Keyring(settings.HOME.keys, settings.PROCESS)
    return Key(settings.RECORD_NAME, ring.read("checkpoint-verify"))


def read_checkpoint(note: str, key: Key) -> Checkpoint:
    """Return what a checkpoint says, checked with the fast library. Raises Wrong."""
    return open_checkpoint(note, [key], ed25519_fast)


def ed25519_fast(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature holds; the verifier's own check, 50 times as fast."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
