"""Invitations that carry keys to somebody new in a team.

The key comes from a link (128 random bits, by email) and four words (spoken by phone). Whoever
reads the mail has half of it, whoever overhears the call the other half, whoever holds the database
neither. The words are put through Argon2id, salted with the link: they are few, and somebody with
both mail and database would otherwise try them all. That an invitation ends after seven days and is
used once is the row's business: its deletion is what ends it.
"""

import secrets
from collections.abc import Iterable
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .envelopes import bind, seal, unseal
from .errors import InvitationBroken, SealBroken
from .hybrid import PRIVATE_BYTES
from .links import new_link_secret
from .wordlists import read_words, stem, word_list

INVITATION_WORDS: Final = 4
_MEMORY_KIB: Final = 64 * 1024
_PASSES: Final = 3


class Invitation(NamedTuple):
    """What the inviter hands over, on two ways: the link's secret part and the spoken words."""

    link_secret: str
    words: str

    def __repr__(self) -> str:
        """Show no secret: a repr ends in logs and tracebacks."""
        return "Invitation(…)"


class CarriedKey(NamedTuple):
    """One version of a team's private seed, as an invitation carries it."""

    holder: str
    version: int
    private: bytes

    def __repr__(self) -> str:
        """Name the key without showing it."""
        return f"CarriedKey({self.holder} v{self.version})"


def new_invitation(language: str = "en") -> Invitation:
    """Return a fresh link secret (128 bits, fit for a URL) and four words to say (43 bits)."""
    words = word_list(language).words
    spoken = " ".join(secrets.choice(words) for _ in range(INVITATION_WORDS))
    return Invitation(new_link_secret(), spoken)


def wrap(seeds: bytes, link_secret: str, words: str, *, aad: bytes = b"") -> bytes:
    """Seal what the invitation carries (see ``pack``); ``aad`` names its row.

    Raises InvitationBroken when the words are not four words of a list. About 0.15 s of one core.
    """
    return seal(_key(link_secret, words), seeds, aad=bind("invitation", aad))


def unwrap(blob: bytes, link_secret: str, words: str, *, aad: bytes = b"") -> bytes:
    """Return what was wrapped; case, accents and all after the fourth letter don't matter.

    Raises InvitationBroken: other link, other words, other row. The message is for the person.
    """
    key = _key(link_secret, words)
    try:
        return unseal(key, blob, aad=bind("invitation", aad))
    except SealBroken as error:
        raise InvitationBroken(
            "The link and the words don’t match. Ask for the words again, or for a new invitation."
        ) from error


def pack(keys: Iterable[CarriedKey]) -> bytes:
    """Return team keys as the bytes that an invitation carries."""
    out = bytearray()
    for holder, version, private in keys:
        name = holder.encode()
        if len(private) != PRIVATE_BYTES:
            raise ValueError(f"a private key has {PRIVATE_BYTES} bytes")
        out += len(name).to_bytes(2, "big") + name + version.to_bytes(4, "big") + private
    return bytes(out)


def unpack(seeds: bytes) -> tuple[CarriedKey, ...]:
    """Undo ``pack``. Raises InvitationBroken when the bytes are something else."""
    keys = []
    at = 0
    while at < len(seeds):
        size = int.from_bytes(seeds[at : at + 2], "big")
        end = at + 2 + size + 4 + PRIVATE_BYTES
        if end > len(seeds):
            raise InvitationBroken("The invitation has no readable keys.")
        holder = seeds[at + 2 : at + 2 + size].decode()
        version = int.from_bytes(seeds[at + 2 + size : at + 6 + size], "big")
        keys.append(CarriedKey(holder, version, seeds[end - PRIVATE_BYTES : end]))
        at = end
    return tuple(keys)


def _key(link_secret: str, words: str) -> bytes:
    read = read_words(words, INVITATION_WORDS)
    if read is None:
        raise InvitationBroken(
            f"These are not the {INVITATION_WORDS} words of an invitation. Check the "
            "spelling; the first four letters of each word are enough."
        )
    link = link_secret.encode("utf-8", "surrogatepass")
    spoken = Argon2id(
        salt=HKDF(SHA256(), 16, salt=None, info=b"upstander/1/invitation salt").derive(link),
        length=32,
        iterations=_PASSES,
        lanes=1,
        memory_cost=_MEMORY_KIB,
    ).derive(" ".join(stem(word) for word in read).encode())
    return HKDF(SHA256(), 32, salt=link, info=b"upstander/1/invitation").derive(spoken)
