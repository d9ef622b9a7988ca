"""What people need, in plain words: which of them somebody means, also where it is misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Final

from msgspec import field

from upstander.base.languages import KNOWN
from upstander.directory.sayings import Language, Meant, folded, said_file, widest
from upstander.intake.tables import InEach, in_language
from upstander.rulefiles import Key, RuleType, Words, data_file, read_table, translated

__all__ = [
    "CHILD_HURT",
    "NEEDS",
    "Need",
    "answering",
    "distance",
    "folded",
    "misspelt",
    "needs_meant",
]

#: Words of so many letters may be off by one or by two; shorter ones are others' words then.
_ONE_OFF, _TWO_OFF = 3, 8
#: A word of fewer letters is not taken for another of the table.
_SHORTEST: Final = 5
#: What somebody writes of whom a number helps before any list does, the gravest first.
_DANGER: Final = (
    *("suicide", "abuse_report", "sexual_assault", "trafficking", "domestic_violence"),
)
#: The need of a child whom somebody hurts: a line that the State keeps stands before all others.
CHILD_HURT: Final = "abuse_report"
#: What stands between words of a list; Chinese has its own comma.
_BETWEEN: Final = re.compile("[,，、]")


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


NEEDS: Final[Mapping[str, Need]] = MappingProxyType(
    {one.key: one for one in read_table(data_file("upstander.directory", "needs.csv"), Need).rows}
)
#: In languages of which no file says it better.
_TOLD: Final = tuple(
    frozenset(
        folded(part)
        for code, text in one.words.items()
        if not said_file(code).is_file()
        for part in _BETWEEN.split(text)
    )
    for one in read_table(data_file("upstander.directory", "child_hurt.csv"), Telling).rows
)
_RANKS: Final = {key: rank for rank, key in enumerate(dict.fromkeys((*_DANGER, *NEEDS)))}


def _languages() -> tuple[Language, ...]:
    """Read what is said in each language, beside the words of the table in it."""
    words: dict[str, list[tuple[str, str]]] = {code: [] for code in KNOWN}
    for key, need in NEEDS.items():
        for code in KNOWN:
            texts = (need.texts.get(code, ""), need.words.get(code, ""))
            parts = {folded(one) for text in texts for one in _BETWEEN.split(text)}
            words[code] += [(key, one) for one in sorted(parts) if one]
    return tuple(Language(code, some) for code, some in words.items())


_LANGUAGES: Final = _languages()


def needs_meant(words: str) -> tuple[tuple[Need, ...], bool]:
    """Return the needs that somebody's words name, and whether the words say nothing else.

    Where a life may be in danger that need stands first, then a hurt child; the rest by the table.
    A word that is nearly one of danger counts always, another where none is as it stands.
    """
    meant: set[str] = set()
    near: set[str] = set()
    left: set[str] | None = None
    for language in _LANGUAGES:
        tokens = language.tokens(words)
        found, rest = _meant(language, tokens)
        meant |= found
        left = rest if left is None else left & rest
        mended = [_nearest(language, one) if one in rest else one for one in tokens]
        near |= _meant(language, mended)[0] if mended != tokens else set()
    if _tells_of_hurt(f" {folded(words)} "):
        meant.add(CHILD_HURT)
    meant = meant | (near & set(_DANGER)) if meant else near
    needs = tuple(NEEDS[key] for key in sorted(meant, key=_RANKS.__getitem__))
    return needs, bool(needs) and (needs[0].dangerous or not left)


def _meant(language: Language, tokens: list[str]) -> tuple[set[str], set[str]]:
    """Return the needs that words of one language name, and which words say something else."""
    found: list[Meant] = list(language.meant(tokens))
    weak = frozenset(
        at for at, one in enumerate(tokens) if not language.weak.isdisjoint(language.labels(one))
    )
    told = {at for one in found for at in one.at}
    rest = {
        one
        for at, one in enumerate(tokens)
        if at not in told and len(one) > 3 and not language.is_plain(one)
    }
    return {one.need for one in widest(found, weak=weak, beside=CHILD_HURT)}, rest


def _tells_of_hurt(text: str) -> bool:
    """Tell whether words name both somebody of a home and that they hurt whoever writes."""
    return all(any(f" {said} " in text for said in some) for some in _TOLD)


@cache
def _by_length(language: Language) -> Mapping[int, tuple[str, ...]]:
    words = {
        label
        for saying in language.sayings
        for place in saying.places
        for label in place
        if len(label) >= _SHORTEST and label[0] != "@" and label[-1] != "*"
    }
    return {n: tuple(sorted(w for w in words if len(w) == n)) for n in set(map(len, words))}


def _nearest(language: Language, token: str) -> str:
    """Return the word of a language that is nearest, or the word itself. Not kept: it is theirs.

    The first letter is nearly always right; a word of every day is no misspelt other.
    """
    word = language.written(token)
    if len(word) < _SHORTEST or language.is_plain(token):
        return token
    may = misspelt(word)
    found = [
        (off, other)
        for length in range(len(word) - may, len(word) + may + 1)
        for other in _by_length(language).get(length, ())
        if other[0] == word[0] and (off := distance(word, other)) <= may
    ]
    return min(found)[1] if found else token


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
