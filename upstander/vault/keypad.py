"""Seven words by the keys of a phone: four letters of each, one press a letter, # at the end.

A key has three or four letters, so keys say several codes at once, by the published lists alone.
Half of all real codes have 24 or fewer (English; Spanish 48), one in a thousand some thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from .wordlists import CODE_WORDS, LANGUAGES, STEM_LETTERS, word_list

#: As on every phone (ITU-T E.161).
_LETTERS: Final = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")
_KEYS: Final[Mapping[str, str]] = {
    letter: str(key) for key, letters in enumerate(_LETTERS, start=2) for letter in letters
}
#: Of a word of three letters: what may be pressed for the letter that it has not.
_NO_LETTER: Final = "1"
#: Presses of seven words; some have three letters only.
FEWEST_KEYS: Final = CODE_WORDS * (STEM_LETTERS - 1)
MOST_KEYS: Final = CODE_WORDS * STEM_LETTERS

type Stems = tuple[str, ...]


def keys_of_word(stem: str) -> str:
    """Return the presses of a word's first letters."""
    return "".join(_KEYS[letter] for letter in stem)


def codes_of_keys(keys: str, *, most: int) -> list[Stems] | None:
    """Return the codes, as first letters of their words, that these presses may mean.

    None: they may mean more than ``most``. It looks at nothing but the presses and the published
    lists.
    """
    if not FEWEST_KEYS <= len(keys) <= MOST_KEYS or not (keys.isascii() and keys.isdecimal()):
        return []
    if sum(_count(language, keys, CODE_WORDS) for language in LANGUAGES) > most:
        return None
    # Some words are in both lists.
    found = (codes for language in LANGUAGES for codes in _codes(language, keys, CODE_WORDS))
    return list(dict.fromkeys(found))


def _count(language: str, keys: str, words: int) -> int:
    if words == 0:
        return not keys
    return sum(
        len(here) * _count(language, rest, words - 1) for here, rest in _next(language, keys, words)
    )


def _codes(language: str, keys: str, words: int) -> Iterator[Stems]:
    if words == 0:
        yield from () if keys else ((),)
        return
    for here, rest in _next(language, keys, words):
        for after in _codes(language, rest, words - 1):
            yield from ((stem, *after) for stem in here)


def _next(language: str, keys: str, words: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the words that presses may begin with, of ``words`` in all, and what is left then."""
    for length in (STEM_LETTERS, STEM_LETTERS - 1):
        rest = keys[length:]
        enough = (STEM_LETTERS - 1) * (words - 1) <= len(rest) <= STEM_LETTERS * (words - 1)
        if enough and (here := _by_keys(language).get(keys[:length])):
            yield here, rest


@cache
def _by_keys(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return which words' first letters some presses are; a short one's with or without a 1."""
    found: dict[str, tuple[str, ...]] = {}
    for stem in word_list(language).by_stem:
        keys = keys_of_word(stem)
        for pressed in {keys, keys.ljust(STEM_LETTERS, _NO_LETTER)}:
            found[pressed] = (*found.get(pressed, ()), stem)
    return found
