"""Common words of the form's languages, titles, and names that are words too."""

from __future__ import annotations

from functools import cache

from upstander.base.languages import LANGUAGES
from upstander.rulefiles import RuleType, data_file, read_table
from upstander.tips.blind_indexes import plain_words


class _Words(RuleType, frozen=True):
    """Words of a language, titles, what stands before initials, or names that are words too."""

    kind: str
    words: tuple[str, ...]


@cache
def words_of(*kinds: str) -> frozenset[str]:
    """Return the plain words of some kinds from ``common_words.csv``."""
    table = read_table(data_file("upstander.tips", "common_words.csv"), _Words)
    return frozenset(
        plain
        for row in table
        if row.kind in kinds
        for word in row.words
        for plain in plain_words(word)
    )


def is_common(word: str) -> bool:
    """Tell whether a plain word is a common one, or what English makes of one by an ending."""
    if word in words_of(*LANGUAGES, "name"):
        return True
    # "Tomas" is no plural of the Spanish "toma".
    known = words_of("en", "name")
    return any(
        word.endswith(ending)
        and (word[: -len(ending)] in known or word[: -len(ending)] + "e" in known)
        for ending in ("s", "es", "d", "ed", "ing", "ly", "er", "ers")
    )
