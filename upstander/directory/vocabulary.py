"""What people need, in plain words: which of them somebody means, also where it is misspelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Final

from msgspec import field

from upstander.intake.tables import InEach, in_language
from upstander.rulefiles import Key, RuleType, Words, data_file, read_table, translated

#: Words of so many letters may be off by one or by two; shorter ones are others' words then.
_ONE_OFF, _TWO_OFF = 3, 8
#: What somebody writes of whom a number helps before any list does. Compared as words are.
_DANGER: Final = frozenset(
    {"suicide", "domestic_violence", "sexual_assault", "trafficking", "abuse_report"}
)
#: The need of a child whom somebody hurts: a line that the State keeps stands before all others.
CHILD_HURT: Final = "abuse_report"
#: What stands between words of a list; Chinese has its own comma.
_BETWEEN: Final = re.compile("[,，、]")
_ARABIC_ALIKE = str.maketrans("أإآىة", "اااية")
_ARTICLE = "ال"


class Need(RuleType, frozen=True):
    """One thing that people need."""

    key: Key
    icon: Words
    #: Who helps with it is confidential: nobody who flees may be found by this list.
    confidential: bool
    #: The terms and kinds whose services help with it.
    answered: tuple[Key, ...] = field(name="answered by")
    texts: InEach
    #: What people write who mean it, in each language.
    words: Annotated[Mapping[str, Words], translated("key", column="words en", part="words")]

    def label(self, language: str) -> str:
        """Return it in the reader's language."""
        return in_language(self.texts, language)

    @property
    def dangerous(self) -> bool:
        """Whether somebody who needs it may be in danger now."""
        return self.key in _DANGER


class Telling(RuleType, frozen=True):
    """One part of how a child tells that somebody at home hurts them: who does it, what they do."""

    part: Key
    words: Annotated[Mapping[str, Words], translated("part", column="words en", part="words")]


def folded(words: str) -> str:
    """Return words as they are compared: no capitals, accents, vowel signs, dots; one blank."""
    plain = unicodedata.normalize("NFKD", words.casefold()).translate(_ARABIC_ALIKE)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", kept))


def _words(of: Need | Telling) -> frozenset[str]:
    labels = of.texts.values() if isinstance(of, Need) else ()
    texts = (*labels, *of.words.values())
    return frozenset(folded(part) for text in texts for part in _BETWEEN.split(text))


NEEDS: Final[Mapping[str, Need]] = MappingProxyType(
    {one.key: one for one in read_table(data_file("upstander.directory", "needs.csv"), Need).rows}
)
_SAID: Final = {key: _words(need) for key, need in NEEDS.items()}
_TOLD: Final = tuple(
    _words(one)
    for one in read_table(data_file("upstander.directory", "child_hurt.csv"), Telling).rows
)
_EVERY_WORD: Final = frozenset(
    word for some in _SAID.values() for words in some for word in words.split()
)


def needs_meant(words: str) -> tuple[tuple[Need, ...], bool]:
    """Return the needs that somebody's words name, and whether the words say nothing else.

    A word as it stands in the table counts first; only where none does, one that is nearly so.
    Whoever tells that somebody at home hurts them may be a child: that need stands first then.
    """
    said = folded(words)
    tokens = [token.removeprefix(_ARTICLE) for token in said.split()]
    exact = _named(f" {said} ", f" {' '.join(tokens)} ")
    if not exact:
        # Each once: one letter of some scripts is written out as a whole sentence.
        nearest = {token: _nearest(token) for token in set(tokens)}
        tokens = [nearest[token] for token in tokens]
        exact = _named(f" {' '.join(tokens)} ")
    known = {word for need in exact for text in _SAID[need.key] for word in text.split()}
    if _tells_of_hurt(f" {' '.join(tokens)} ", f" {said} "):
        exact = (child := NEEDS[CHILD_HURT], *(need for need in exact if need is not child))
        known |= {word for some in _TOLD for text in some for word in text.split()}
    rest = [token for token in tokens if token not in known and len(token) > 3]
    return exact, bool(exact) and not rest


def _tells_of_hurt(*texts: str) -> bool:
    """Tell whether words name both somebody of a home and that they hurt whoever writes."""
    return all(any(f" {said} " in text for said in some for text in texts) for some in _TOLD)


def _named(*texts: str) -> tuple[Need, ...]:
    return tuple(
        need
        for key, need in NEEDS.items()
        if any(f" {said} " in text for said in _SAID[key] for text in texts)
    )


@cache
def _by_length() -> Mapping[int, tuple[str, ...]]:
    lengths = {len(word) for word in _EVERY_WORD}
    return {n: tuple(sorted(w for w in _EVERY_WORD if len(w) == n)) for n in lengths}


def _nearest(word: str) -> str:
    """Return the word of the table that is nearest, or the word itself. Not kept: it is theirs."""
    may = misspelt(word)
    found = [
        (off, other)
        for length in range(len(word) - may, len(word) + may + 1)
        for other in (_by_length().get(length, ()) if length > _ONE_OFF else ())
        if (off := distance(word, other)) <= may
    ]
    return min(found)[1] if found else word


def misspelt(word: str) -> int:
    """Return by how many letters a word may be off and still be meant."""
    return 0 if len(word) < _ONE_OFF else 1 if len(word) < _TWO_OFF else 2


def distance(one: str, other: str) -> int:
    """Return by how many letters two words differ; two turned around count once (Damerau)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        ahead = [i]
        for j, their in enumerate(other, 1):
            least = min(row[j] + 1, ahead[j - 1] + 1, row[j - 1] + (letter != their))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == their:
                least = min(least, before[j - 2] + 1)
            ahead.append(least)
        before, row = row, ahead
    return row[-1]


def answering(needs: Iterable[Need]) -> list[str]:
    """Return the facets of services that help with any of these."""
    return sorted({f"need:{key}" for need in needs for key in need.answered})
