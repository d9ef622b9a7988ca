"""A reporter's words in one plain shape, so that a list of words knows them as they are typed.

Small letters, no accents, no vowel marks; the article, "at", "and" and "her" that Arabic writes
into the word taken off. A frightened child types "bano", "gymnasiums", "غرفتها".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

_TOKEN = re.compile(
    r"\d+[^\W\d_]*|[^\W\d_](?:[^\W\d_]|[\u064b-\u0652\u0670\u0300-\u036f'’])*|@(?=\s)|#(?=\s?\d)"
)
#: "Bathrooms", "churches", "mom's": with the word in the group.
_OF_SOMEBODY = re.compile(r"(\w{3,})'s|(\w{2,}[sxzhnl])es|(\w{2,}[^s\W])s")
_MARKS = re.compile(r"[\u0640\u064b-\u0652\u0670\u0300-\u036f]")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_LETTERS: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
#: And, so; at, by; the. The last ones come off last.
_BEFORE: Final = ("", "و", "ف", "ه", "ب", "ل", "ع", "وب", "فب", "ول", "وع")
_ARTICLES: Final = ("", "ال", "ل")
_AFTER: Final = ("", "ها", "هم", "هن", "هما", "نا", "كم", "ه", "ك", "ي")


class Token(NamedTuple):
    """A word or a number of a text, in its plain shape, and where it begins."""

    plain: str
    at: int
    #: It is written with a capital.
    capital: bool

    @property
    def is_number(self) -> bool:
        """Whether it begins with a digit."""
        return self.plain[:1].isdigit()


def plain(word: str) -> str:
    """Return a word in small letters, without accents and vowel marks."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", word.casefold()))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS).replace("’", "'")


def tokens(text: str) -> list[Token]:
    """Return a text's words and numbers, in order."""
    return [
        Token(plain(found.group()).strip("'"), found.start(), found.group()[:1].isupper())
        for found in _TOKEN.finditer(text)
    ]


@cache
def shapes(word: str) -> frozenset[str]:
    """Return what a plain word may be of: itself, one of several, somebody's, or with a prefix."""
    return frozenset(_shapes(word))


def _shapes(word: str) -> Iterator[str]:
    yield word
    if not _ARABIC.search(word):
        if found := _OF_SOMEBODY.fullmatch(word):
            yield next(one for one in found.groups() if one)
        return
    for before in _BEFORE:
        for article in _ARTICLES:
            prefix = before + article
            if word.startswith(prefix):
                yield from _owned(word[len(prefix) :])


def _owned(stem: str) -> Iterator[str]:
    """The word without "her", "our"; its last t is the ending that stands where nobody owns it."""
    for after in _AFTER:
        if stem.endswith(after) and len(stem) >= len(after) + 2:
            owned = stem.removesuffix(after)
            yield owned
            if after and owned.endswith("ت"):
                yield owned[:-1] + "ه"
