"""A name as a text may spell it: a letter off, two swapped, one doubled, cut apart or run together.

Common words of the form's languages are no misspelled names ("need" is not Ms. Reed), but where a
text writes them as one: with a capital inside a sentence, or after a title.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from upstander.rulefiles import RuleType, data_file, read_table
from upstander.tips.name_marks import plain_words, usual_name

#: Letters of a name from which one letter may be off, and from which two may.
ONE_OFF, TWO_OFF = 4, 8
#: Letters of a text's word that are looked at: no name is longer, and time stays bounded.
_LONGEST: Final = 24
_WORD: Final = re.compile(r"(?<![^\W_])[^\W\d_]+(?:['’‘-][^\W\d_]+)*(?![^\W_])")
_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s\b", re.IGNORECASE)
_SENTENCE_ENDS: Final = re.compile(r"[.!?:\n][\s\"“”'»)]*$")
_INITIALS: Final = re.compile(r"\b([^\W\d_])\.[ -]?([^\W\d_])\b(?!['’])")


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
    if word in words_of("en", "es", "ar", "name"):
        return True
    # "Tomas" is no plural of the Spanish "toma".
    known = words_of("en", "name")
    return any(
        word.endswith(ending)
        and (word[: -len(ending)] in known or word[: -len(ending)] + "e" in known)
        for ending in ("s", "es", "d", "ed", "ing", "ly", "er", "ers")
    )


def is_off_by(one: str, other: str, most: int) -> bool:
    """Tell whether at most so many letters are wrong, missing, too many or swapped."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, sign in enumerate(one, 1):
        last, row = row, [number, *[0] * len(other)]
        for at, letter in enumerate(other, 1):
            row[at] = min(row[at - 1] + 1, last[at] + 1, last[at - 1] + (sign != letter))
            if number > 1 and at > 1 and sign == other[at - 2] and one[number - 2] == letter:
                row[at] = min(row[at], before[at - 2] + 1)
        before = last
    return row[-1] <= most


class _Token(NamedTuple):
    plain: str
    #: It begins with a capital; inside a sentence, or after a title.
    capital: bool
    named: bool


class Spelled:
    """A text's words, to be compared with names."""

    def __init__(self, text: str) -> None:
        text = _POSSESSIVE.sub("", text)
        tokens = list(_tokens(text))
        #: Every word, those that begin with a capital, and those that are written as a name.
        self.words = frozenset(plain_words(text))
        self.capital = frozenset(one.plain for one in tokens if one.capital)
        self.named = frozenset(one.plain for one in tokens if one.named)
        self.joined = frozenset(a.plain + b.plain for a, b in pairwise(tokens))
        self._usual = frozenset(
            usual_name(one.plain) for one in tokens if one.named or not is_common(one.plain)
        )
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        maybe = set(self._may_be_names())
        for word in maybe | set(map(_once, maybe)):
            for cut in _cuts(word, 2 if len(word) >= TWO_OFF - 2 else 1):
                self._near[cut].add(word)
        self.initials = {(a.casefold(), b.casefold()) for a, b in _INITIALS.findall(text)}
        self.after_title = {
            other.plain
            for one, other in pairwise(tokens)
            if len(other.plain) == 1 and one.plain in words_of("before initials")
        }

    def _may_be_names(self) -> Iterator[str]:
        for word in {*self.words, *self.capital}:
            if 3 <= len(word) <= _LONGEST and (word in self.named or not is_common(word)):
                yield word

    def is_near(self, part: str) -> bool:
        """Tell whether a word may be this part of a name, misspelled."""
        part = part[:_LONGEST]
        return any(self._stands(one) for one in {part, _once(part)}) or (
            len(part) >= ONE_OFF and part in self.joined
        )

    def _stands(self, part: str) -> bool:
        if len(part) < ONE_OFF:
            return False
        most = 2 if len(part) >= TWO_OFF else 1
        met = {word for cut in _cuts(part, most) for word in self._near.get(cut, ())}
        return any(is_off_by(word, part, most) for word in met)

    def is_usual(self, given: str) -> bool:
        """Tell whether a usual short form of a given name stands in it: Liz for Elizabeth."""
        return usual_name(given) in self._usual

    def has_initials(self, name: Sequence[str]) -> bool:
        """Tell whether initials stand for a name: "P. R.", or "Ms. R." for any of its ends."""
        return (name[0][0], name[-1][0]) in self.initials or bool(
            {name[0][0], name[-1][0]} & self.after_title
        )


def _tokens(text: str) -> Iterator[_Token]:
    last, end = "", 0
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        # A period after a title or an initial ends no sentence.
        starts = end == 0 or bool(_SENTENCE_ENDS.search(between) and len(last) > 3)
        capital = found.group()[0].isupper()
        for part in plain_words(found.group()):
            titled = last in words_of("title")
            yield _Token(part, capital, (capital and not starts) or titled)
            last, starts = part, False
        end = found.end()


def _once(word: str) -> str:
    """Return a word with each letter that is repeated in a row written once."""
    return "".join(sign for sign, _run in groupby(word))


def _cuts(word: str, most: int) -> set[str]:
    """Return a word, and what is left of it without any one letter, or any two.

    Two words that are that near have one of these in common, swapped letters too.
    """
    found = last = {word}
    for _ in range(most):
        last = {cut[:at] + cut[at + 1 :] for cut in last for at in range(len(cut))}
        found = found | last
    return found
