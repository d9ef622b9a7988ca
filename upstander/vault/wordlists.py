"""The words of which return codes, passphrases and invitations are made.

``words/<language>.txt`` is the BIP-39 list of that language (package ``mnemonic``) without
``words/excluded-<language>.txt``: words that could frighten or hurt a child who reads them on the
worst day of a year, or that shame when read aloud. A list is checked when it is loaded, so that
a weak one cannot run. ``words/retired-<language>.txt`` are those of the excluded words that earlier
lists gave: no new code has one, and whoever was given one still comes back with it.

Arabic has none: BIP-39 has no Arabic list, and one of ours would need readers who know what a child
mistypes there (letters that differ by dots, forms of alif and hamza, words glued to their article)
before four letters could tell its words apart. Until then its readers copy English words.
"""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from string import ascii_lowercase
from types import MappingProxyType
from typing import Final, NamedTuple

from upstander.base.languages import BY_CODE

from .errors import WordListUnfit

#: Those with a list of their own.
LANGUAGES: Final = tuple(one.code for one in BY_CODE.values() if one.code_words)
LIST_VERSION: Final = 1
CODE_WORDS: Final = 7
STEM_LETTERS: Final = 4
MIN_BITS: Final = 75.0
_MIN_LETTERS: Final = 3
_MAX_LETTERS: Final = 9


@dataclass(frozen=True, slots=True)
class WordList:
    """One language's words, of which new codes are made.

    ``by_stem`` finds a word by its first four letters, accents dropped; retired words too.
    """

    language: str
    words: tuple[str, ...]
    by_stem: Mapping[str, str]


def plain(text: str) -> str:
    """Return the text in small letters without accents; what is no letter becomes a space.

    Invisible marks (soft hyphens, direction marks of a right-to-left page) vanish altogether,
    since they come along with copied text and split no word.
    """
    out = []
    for char in unicodedata.normalize("NFKD", text).casefold():
        kind = unicodedata.category(char)
        if kind[0] == "L":
            out.append(char)
        elif kind[0] != "M" and kind != "Cf":
            out.append(" ")
    return "".join(out)


def stem(word: str) -> str:
    """Return the letters that decide which word was meant: the first four, accents dropped."""
    return _stems.get(word) or plain(word)[:STEM_LETTERS]


#: Of the lists' own words, which each new code is made of. Never of what somebody typed.
_stems: dict[str, str] = {}


@cache
def word_list(language: str) -> WordList:
    """Return the checked list of a language; readers of others (Arabic, say) get the English one.

    Raises WordListUnfit when the list would make weak or ambiguous codes.
    """
    if language not in LANGUAGES:
        return word_list("en")
    found = checked(language, _read(language), retired=_read(f"retired-{language}"))
    _stems.update((word, letters) for letters, word in found.by_stem.items())
    return found


def _read(name: str) -> tuple[str, ...]:
    source = files(__package__).joinpath("words", f"{name}.txt")
    return tuple(source.read_text(encoding="utf-8").split())


def checked(language: str, words: tuple[str, ...], retired: tuple[str, ...] = ()) -> WordList:
    """Return the words as a list that is fit for use. Raises WordListUnfit with the reason."""
    every = (*words, *retired)
    for word in every:
        if not _MIN_LETTERS <= len(word) <= _MAX_LETTERS:
            raise WordListUnfit(f"{language}: {word!r} is too short or too long to copy by hand")
        if not word.isalpha() or word != unicodedata.normalize("NFC", word.lower()):
            raise WordListUnfit(f"{language}: {word!r} is not a plain word in small letters")
    if len(set(every)) != len(every):
        raise WordListUnfit(f"{language}: a word stands twice")
    by_stem = {stem(word): word for word in every}
    if len(by_stem) != len(every):
        raise WordListUnfit(f"{language}: the first four letters do not tell all words apart")
    bits = CODE_WORDS * math.log2(max(len(words), 1))
    if bits < MIN_BITS:
        raise WordListUnfit(f"{language}: {CODE_WORDS} words carry {bits:.1f} bits only")
    return WordList(language, words, MappingProxyType(by_stem))


#: So many words that may have been meant are named.
MOST_LIKE = 3


class Unknown(NamedTuple):
    """A word that somebody typed and no list has, and those that differ from it the least."""

    typed: str
    like: tuple[str, ...]


def unknown_words(typed: str, *, most: int) -> tuple[Unknown, ...]:
    """Return what is no word of the list that knows most of these words: the first so many.

    It looks at nothing but what was typed and the published lists. Words that are like it are one
    letter away within the first four, and new codes are made of them: up to three, the likeliest
    first.
    """
    parts = tuple(dict.fromkeys(plain(typed).split()))
    known = max(
        (word_list(language) for language in LANGUAGES),
        key=lambda one: sum(part[:STEM_LETTERS] in one.by_stem for part in parts),
    )
    strange = [part for part in parts if part[:STEM_LETTERS] not in known.by_stem]
    return tuple(Unknown(part, _like(part, known)) for part in strange[:most])


def _like(part: str, known: WordList) -> tuple[str, ...]:
    """Return the words that begin one slip away: a letter wrong, missing, added, swapped."""
    near = part[: STEM_LETTERS + 1]
    slips = {
        slip[:STEM_LETTERS]
        for at in range(len(near) + 1)
        for slip in (
            near[:at] + near[at + 1 :],
            near[:at] + near[at + 1 : at + 2] + near[at : at + 1] + near[at + 2 :],
            *(near[:at] + letter + near[at + 1 :] for letter in ascii_lowercase),
            *(near[:at] + letter + near[at:] for letter in ascii_lowercase),
        )
    }
    found = {known.by_stem[slip] for slip in slips if slip in known.by_stem} & set(known.words)
    likely = sorted(
        sorted(found),
        key=lambda word: SequenceMatcher(None, plain(word), part).ratio(),
        reverse=True,
    )
    return tuple(likely[:MOST_LIKE])


def read_words(typed: str, count: int) -> tuple[str, ...] | None:
    """Return the words somebody meant, in full, or None if they are not ``count`` words of a list.

    Case, accents, hyphens, numbering and spaces don't matter, and of each word only the first
    four letters do. The language is found out: the list that knows all words, and of two such
    lists the one that knows more of them as they were typed.
    """
    if len(typed) > 1000:  # nobody types so much; don't normalise a hostile megabyte
        return None
    parts = plain(typed).split()
    if len(parts) != count:
        return None
    best: tuple[str, ...] | None = None
    best_score = -1
    for language in LANGUAGES:
        by_stem = word_list(language).by_stem
        found = tuple(by_stem.get(part[:STEM_LETTERS], "") for part in parts)
        score = sum(plain(word) == part for word, part in zip(found, parts, strict=True))
        if all(found) and score > best_score:
            best, best_score = found, score
    return best
