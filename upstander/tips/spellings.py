"""A name as a text may spell it: a letter off, two swapped, one doubled, cut apart or run together.

Common words of the form's languages are no misspelled names ("need" is not Ms. Reed), but where a
text writes them as one: with a capital inside a sentence, or after a title.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from upstander.tips.blind_indexes import plain_words, usual_name
from upstander.tips.persons import openings_in, persons_in
from upstander.tips.word_lists import is_common, words_of

#: Letters of a name from which one letter may be off, and from which two may.
ONE_OFF, TWO_OFF = 4, 8
#: Letters of a text's word that are looked at: no name is longer, and time stays bounded.
_LONGEST: Final = 24
_WORD: Final = re.compile(r"(?<![^\W_])[^\W\d_]+(?:['’‘-][^\W\d_]+)*(?![^\W_])")
_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s\b", re.IGNORECASE)
_SENTENCE_ENDS: Final = re.compile(r"[.!?:\n][\s\"“”'»)]*$")
_MODALS: Final = frozenset({"will", "may"})
_ARTICLES: Final = frozenset(
    {"the", "a", "my", "our", "your", "his", "her", "their", "this", "that"}
)
#: Beside a number a common word is that word: "Grade 8", "8th Grade". How often and how long it was
#: says nothing of what stands before it: "Runner 3 times hit me".
_NUMBERED: Final = re.compile(
    r"[ :#-]*\d+(?!\d)(?!\s*(?:x|times?|minutes?|hours?|days?|weeks?|months?|years?|veces|horas?"
    r"|d[ií]as?|semanas?|meses|a[ñn]os?|مرات|أيام|ساعات)\b)"
)
_ORDINAL: Final = re.compile(r"\d(?:st|nd|rd|th|º|ª|°)\s$", re.IGNORECASE)
_INITIALS: Final = re.compile(r"\b([^\W\d_])\.[ -]?([^\W\d_])\b(?!['’])")


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
    #: It begins with a capital; inside a sentence, or after a title; and it may be misspelled.
    capital: bool
    named: bool
    alike: bool


class Spelled:
    """A text's words, to be compared with names."""

    def __init__(self, text: str) -> None:
        #: Those that grammar makes somebody.
        self.persons = persons_in(text)
        openings = openings_in(text)
        text = _POSSESSIVE.sub("", text)
        tokens = list(_tokens(text))
        #: Every word, those that begin with a capital, and those that are written as a name.
        self.words = frozenset(plain_words(text))
        self.named = frozenset(one.plain for one in tokens if one.named)
        self.capital = frozenset(one.plain for one in tokens if one.capital)
        self._alike = frozenset(one.plain for one in tokens if one.alike)
        #: Those that stand where a name does; a capital at the beginning says little.
        self.as_name = self.named | self.persons | (self.capital - openings)
        self.joined = frozenset(a.plain + b.plain for a, b in pairwise(tokens))
        self._usual = frozenset(
            usual_name(one.plain)
            for one in tokens
            if one.named or one.plain in self.persons or not is_common(one.plain)
        )
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        maybe = set(self._may_be_names())
        for word in maybe | set(map(_once, maybe)):
            for cut in _cuts(word, 2 if len(word) >= TWO_OFF - 2 else 1):
                self._near[cut].add(word)
        written = self._alike | self.persons
        self._written = written | set(map(_once, written))
        self.initials = {(a.casefold(), b.casefold()) for a, b in _INITIALS.findall(text)}
        self.after_title = {
            other.plain
            for one, other in pairwise(tokens)
            if len(other.plain) == 1 and one.plain in words_of("before initials")
        }

    def _may_be_names(self) -> Iterator[str]:
        for word in {*self.words, *self.capital}:
            if 3 <= len(word) <= _LONGEST and (word in self._alike or not is_common(word)):
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
        if len(part) == ONE_OFF:
            # One letter of four makes many a word: "valley" is Ms. Vale where it stands as a name.
            met &= {part, *([] if is_common(part) else [f"{part}s"])} | self._written
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
    before, last, end = "", "", 0
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        # A period after a title or an initial ends no sentence.
        starts = end == 0 or bool(_SENTENCE_ENDS.search(between) and len(last) > 3)
        capital = found.group()[0].isupper()
        beside = bool(_NUMBERED.match(text, found.end()) or _ORDINAL.search(between))
        for part in plain_words(found.group()):
            # "The coach will tell", and "principal Will".
            titled = last in words_of("title") and not (part in _MODALS and before in _ARTICLES)
            named = (capital and not starts) or titled
            numbered = is_common(part) and last not in words_of("before initials") and beside
            yield _Token(part, capital, named, named and not numbered)
            before, last, starts = last, part, False
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
