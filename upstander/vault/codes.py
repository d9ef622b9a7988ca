"""Return codes: the seven words, or 16 spoken digits, by which a reporter comes back.

The code is computed, not drawn: ``words(HMAC(code key, token | SHA-256(text)))``. The form's token
is random, so nobody else gets the code; a double click, a reload or a retry sends the same token
and text and gets the same code, so one tip. Only the process that reads the code key can make
codes, and neither token nor code is stored: what a row keeps is the lookup id.

Whoever calls gets digits instead: they are read aloud in fours, and typed by any phone's keys. 15
of them carry 49.8 bits, the last one says at once that another was mistyped (Damm, 2004).
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
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
    "keys_of_spoken",
    "keys_of_stems",
    "new_spoken",
    "parse_code",
    "spoken_fits",
]

ReturnCode = NewType("ReturnCode", str)
"""Seven words of one list with single spaces, or 16 digits. Shown once, never stored or logged."""

SPOKEN_DIGITS: Final = 16

PEPPER_VERSION: Final = 1
# Argon2 wants a salt, and a lookup by code alone cannot have one a row: the pepper stands for it.
_SALT: Final = b"upstander/1/code"
_MEMORY_BYTES: Final = 1024 * 1024
_PASSES: Final = 1
#: Digits are fewer than words: whoever stole database and pepper pays sixteen times as much a try.
_SPOKEN_MEMORY_BYTES: Final = 16 * _MEMORY_BYTES

#: A quasigroup without a fixed order of two: each wrong digit and each swapped pair is noticed (H.
#: M. Damm, Total anti-symmetrische Quasigruppen, 2004).
_DAMM: Final = tuple(
    bytes(int(digit) for digit in row)
    for row in (
        *("0317598642", "7092154863", "4206871359", "1750983426", "6123045978"),
        *("3674209581", "5869720134", "8945362017", "9438617205", "2581436790"),
    )
)


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


def new_spoken() -> ReturnCode:
    """Return new digits. They are drawn: a call has nothing secret to compute them from."""
    digits = f"{secrets.randbelow(10 ** (SPOKEN_DIGITS - 1)):0{SPOKEN_DIGITS - 1}}"
    return ReturnCode(f"{digits}{_damm(digits)}")


def spoken_fits(digits: str) -> bool:
    """Tell whether digits can be a spoken code: a wrong one among them shows without asking."""
    return (
        len(digits) == SPOKEN_DIGITS
        and digits.isascii()
        and digits.isdecimal()
        and _damm(digits) == 0
    )


def _damm(digits: str) -> int:
    now = 0
    for digit in digits:
        now = _DAMM[now][int(digit)]
    return now


def keys_of(code: ReturnCode, *, pepper: bytes) -> CodeKeys:
    """Return the keys of a code: HMAC with the pepper, Argon2id (RFC 9106; 1 MiB, one pass), HKDF.

    Cheap, because the code carries 75 bits and the pepper, a key file, 256 more. Computed from
    the first four letters of each word, since these are what a typed code must agree on.
    """
    return keys_of_stems((stem(word) for word in code.split()), pepper=pepper)


def keys_of_stems(stems: Iterable[str], *, pepper: bytes) -> CodeKeys:
    """Return the keys of a code of which only each word's first four letters are known."""
    return keys_of_letters(" ".join(stems), pepper=pepper)


def keys_of_spoken(code: ReturnCode, *, pepper: bytes) -> CodeKeys:
    """Return the keys of a spoken code: as ``keys_of``, with more memory."""
    return keys_of_letters(code, pepper=pepper, memory=_SPOKEN_MEMORY_BYTES)


def keys_of_letters(letters: str, *, pepper: bytes, memory: int = _MEMORY_BYTES) -> CodeKeys:
    """Return the keys of letters or digits as they stand, by the same road as ``keys_of``."""
    # libsodium's Argon2id takes no secret, hence the HMAC; it takes half of OpenSSL's time.
    root = crypto_pwhash_alg(
        32,
        hmac.digest(pepper, letters.encode(), "sha256"),
        _SALT,
        _PASSES,
        memory,
        crypto_pwhash_ALG_ARGON2ID13,
    )
    return CodeKeys(derive(root, "code lookup id"), derive(root, "code wrapping key"))
