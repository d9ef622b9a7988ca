"""Statements: what was signed of a subject, with a counter that goes up with each change.

A signature alone says that something was true once. Whoever can write the database could put an
older statement back, or delete the newest; the counter, pinned by the sites in files (``pins``),
tells them apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .envelopes import bind
from .errors import StatementForged


@dataclass(frozen=True, slots=True)
class Statement:
    """One subject's statement as it was found: checked by ``verify`` alone."""

    subject: str
    counter: int
    #: Canonical: JSON with its keys in order and no spaces.
    text: str
    signature: bytes = field(repr=False)

    @property
    def facts(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.text)
        return found


def sign_statement(
    subject: str, counter: int, facts: Mapping[str, object], signing_key: bytes
) -> Statement:
    """Return the signed statement (Ed25519, RFC 8032) of a subject."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    key = Ed25519PrivateKey.from_private_bytes(signing_key)
    return Statement(subject, counter, text, key.sign(_claim(subject, counter, text)))


def verify_statement(one: Statement, verify_key: bytes) -> None:
    """Check that a statement was signed as it is, for its subject. Raises StatementForged."""
    key = Ed25519PublicKey.from_public_bytes(verify_key)
    try:
        key.verify(one.signature, _claim(one.subject, one.counter, one.text))
    except InvalidSignature as error:
        raise StatementForged(
            f"What stands of {one.subject} is not what was signed. Find out who wrote to the "
            "database."
        ) from error


def _claim(subject: str, counter: int, text: str) -> bytes:
    return bind("upstander statement", subject, counter, text)
