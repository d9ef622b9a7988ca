"""A person's name as blind indexes that can be compared and not read: HMACs under a team's key.

Two spellings of one name give a blind index in common: letters' case, accents, hyphens, spaces, the
order of names, a second given name and usual short forms do not matter. There is on purpose no
blind index of a given name or a surname alone. Given names are so unevenly spread that whoever
stole the database could tell the commonest blind indexes by counting, without any key (Naveed,
Kamara and Wright, "Inference Attacks on Property-Preserving Encrypted Databases", ACM CCS 2015).
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping
from enum import IntEnum
from itertools import combinations, permutations
from types import MappingProxyType
from typing import Final

from msgspec import field

from upstander.rulefiles import RuleType, Words, data_file, read_table
from upstander.vault.envelopes import bind

#: Bytes of a blind index: two names in a million meet by chance about once in 2**88 searches.
INDEX_BYTES: Final = 16
#: Parts of one name that are looked at; five are common in Spanish and Portuguese names.
MOST_PARTS: Final = 6

#: Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
#: Belong to the word before them: O'Brien and OBrien are one name.
_APOSTROPHES: Final = frozenset("'’‘ʼʻ`´")


class Closeness(IntEnum):
    """How much two names have in common; more is closer."""

    INITIAL = 1
    """One whole name, and the first letter of another: M. Torres, María Torres."""
    PARTS = 2
    """Two whole names of each, or their usual short forms: Liz Torres, Elisa Elena Torres."""
    SAME = 3
    """All names of each."""


class _ShortForms(RuleType, frozen=True):
    name: Words
    forms: tuple[str, ...] = field(name="short forms")


def _load_short_forms() -> dict[str, str]:
    table = read_table(data_file("upstander.tips", "nicknames.csv"), _ShortForms)
    known: dict[str, str] = {}
    for row in table:
        for word in (row.name, *row.forms):
            plain = _plain(word)
            if known.setdefault(plain, row.name) != row.name:
                raise table.wrong(row, f"{word!r} already stands for {known[plain]!r}")
    return known


def _plain(text: str) -> str:
    """Return a text in small letters without accents; what is no letter or digit is a blank."""
    bare = "".join(sign for sign in text if sign not in _APOSTROPHES)
    apart = unicodedata.normalize("NFKD", bare).casefold().translate(_PLAIN)
    # Folding can bring forth accents again (İ), hence once more.
    apart = unicodedata.normalize("NFKD", apart)
    return "".join(
        sign if sign.isalnum() else "" if unicodedata.category(sign).startswith("M") else " "
        for sign in apart
    )


_SHORT_FORMS: Final[Mapping[str, str]] = MappingProxyType(_load_short_forms())


def plain_words(text: str) -> list[str]:
    """Return a text's words as names are compared: small letters, no accents, in their order."""
    return _plain(text).split()


def usual_name(part: str) -> str:
    """Return what a plain given name or a short form of it is compared as: liz, elisabeth."""
    return _SHORT_FORMS.get(part, part)


def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name as they are compared, sorted, each once. Empty if it has none."""
    return tuple(sorted(set(_plain(name).split()))[:MOST_PARTS])


def blind_indexes_of(name: str, key: bytes) -> dict[bytes, Closeness]:
    """Return the blind indexes of a name under an index key, each with what an equal one means.

    Empty for a name without a whole word in it.
    """
    spelled = name_parts(name)
    if not any(map(_is_whole, spelled)):
        return {}
    usual = set(map(usual_name, spelled))
    claims: dict[tuple[str, ...], Closeness] = {
        ("initial", one, other[0]): Closeness.INITIAL
        for one, other in permutations(usual, 2)
        if _is_whole(one)
    }
    for pair in combinations(sorted(filter(_is_whole, usual)), 2):
        claims["parts", *pair] = Closeness.PARTS
    claims["same", *spelled] = Closeness.SAME
    return {
        hmac.digest(key, bind("name", *claim), "sha256")[:INDEX_BYTES]: closeness
        for claim, closeness in claims.items()
    }


def _is_whole(part: str) -> bool:
    """Tell a name from an initial; in scripts like Chinese one sign is a whole name."""
    return len(part) > 1 or not part.isascii()
