"""Return codes: the seven words with which a reporter comes back to their dialog.

The code is computed, not drawn: ``words(HMAC(code key, token | SHA-256(text)))``. The form's token
is random, so nobody else gets the code; a double click, a reload or a retry sends the same token
and text and gets the same code, so one tip. Only the process that reads the code key can make
codes, and neither token nor code is stored: what a row keeps is the lookup id.
"""

import hashlib
import hmac
from typing import Final, NamedTuple, NewType

from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from .envelopes import derive
from .wordlists import CODE_WORDS, LIST_VERSION, read_words, stem, word_list

__all__ = [
    "LIST_VERSION",
    "PEPPER_VERSION",
    "CodeKeys",
    "ReturnCode",
    "code_for",
    "keys_of",
    "parse_code",
]

ReturnCode = NewType("ReturnCode", str)
"""Seven words of one list, separated by single spaces. Shown once, never stored or logged."""

PEPPER_VERSION: Final = 1
# Argon2 wants a salt, and a lookup by code alone cannot have one a row: the pepper stands for it.
_SALT: Final = b"upstander/1/code"
_MEMORY_BYTES: Final = 1024 * 1024
_PASSES: Final = 1


class CodeKeys(NamedTuple):
    """What a code yields: 32 bytes to find the row by, 32 bytes to open its dialog secret with."""

    lookup_id: bytes
    wrapping_key: bytes

    def __repr__(self) -> str:
        """Show no key: a repr ends in logs and tracebacks."""
        return "CodeKeys(…)"


def code_for(token: str, text: str, *, language: str, code_key: bytes) -> ReturnCode:
    """Return the code of this text sent with this form's token, in words of the reader's language.

    Same token and text, same code; an edited text or another form, another code.
    """
    text_digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    message = token.encode("utf-8", "surrogatepass") + b"|" + text_digest
    number = int.from_bytes(hmac.digest(code_key, message, "sha256"), "big")
    words = word_list(language).words
    chosen = []
    # 256 bits for 75: the words left over by the division make no word likelier (by 2**-180).
    for _ in range(CODE_WORDS):
        number, index = divmod(number, len(words))
        chosen.append(words[index])
    return ReturnCode(" ".join(chosen))


def parse_code(typed: str) -> ReturnCode | None:
    """Return the code that was meant, or None if these are not seven words of one list.

    None says nothing about any tip: the lists are public.
    """
    words = read_words(typed, CODE_WORDS)
    return None if words is None else ReturnCode(" ".join(words))


def keys_of(code: ReturnCode, *, pepper: bytes) -> CodeKeys:
    """Return the keys of a code: HMAC with the pepper, Argon2id (RFC 9106; 1 MiB, one pass), HKDF.

    Cheap, because the code carries 75 bits and the pepper, a key file, 256 more. Computed from
    the first four letters of each word, since these are what a typed code must agree on.
    """
    letters = " ".join(stem(word) for word in code.split())
    # libsodium's Argon2id takes no secret, hence the HMAC; it takes half of OpenSSL's time.
    root = crypto_pwhash_alg(
        32,
        hmac.digest(pepper, letters.encode(), "sha256"),
        _SALT,
        _PASSES,
        _MEMORY_BYTES,
        crypto_pwhash_ALG_ARGON2ID13,
    )
    return CodeKeys(derive(root, "code lookup id"), derive(root, "code wrapping key"))
