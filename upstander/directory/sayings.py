"""What people say who need something: patterns of words in each language, read from files.

A pattern is a row of places; each stands for one word, with at most ``GAP`` others before the
next. A place is words (``hits|beats``), beginnings of words (``hit*``) or a group of the file
(``@kid``). Each language has its own spellings: what is written as it sounds ("kiero bibir"), what
Arabic writes into one word with its neighbor, what is short in a text message. ADR 207.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from upstander.rulefiles import Key, RuleType, Words, data_file, read_rules

#: Words that may stand between two of a pattern: "want (to go on) living".
GAP: Final = 3
#: What looks like a need and is none ("my phone died") stands under this key.
NOTHING: Final = "nothing"
_ARABIC_ALIKE = str.maketrans("أإآىة", "اااية")
#: What is written into one word with the next (and, so, by, for, like, the), and what a verb
#: begins with: the person, "will", the spoken present.
_JOINED: Final = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
_OF_VERBS: Final = (*_JOINED, "ما", "س", "ح", "ه", "ي", "ت", "ن", "ا")
_SOUNDS: Final = (
    (r"gu(?=[ei])", "G"),
    (r"g(?=[ei])", "j"),
    (r"qu?|c(?=[^ehi]|$)", "k"),
    (r"c(?=[ei])|z", "s"),
    (r"ll", "y"),
    (r"v", "b"),
    (r"(?<!c)h", ""),
    (r"(.)\1+", r"\1"),
)


class Sayings(RuleType, frozen=True):
    """One language's file, ``data/said_<language>.toml``."""

    #: Short and wrong spellings, and the words that are meant.
    spelled: Mapping[str, Words]
    groups: Mapping[Key, Words]
    #: Everyday words, of no need: none is taken for another that is misspelt.
    plain: Words
    #: Words that mean their need only where nothing else is meant.
    weak: Words
    #: Patterns by need, and by NOTHING.
    needs: Mapping[Key, tuple[Words, ...]]


@dataclass(frozen=True, slots=True)
class Saying:
    """One pattern, as it is compared."""

    need: str
    places: tuple[frozenset[str], ...]
    gap: int = GAP


@dataclass(frozen=True, slots=True)
class Meant:
    """That some of the words, by their numbers, name a need."""

    need: str
    at: frozenset[int]


def folded(words: str) -> str:
    """Return words as they are compared: no capitals, accents, vowel signs, dots; one blank."""
    plain = unicodedata.normalize("NFKD", words.casefold()).translate(_ARABIC_ALIKE)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", kept))


def said_file(code: str) -> Traversable:
    """Return where the file of a language is, if it has one."""
    return data_file("upstander.directory", f"said_{code}.toml")


class Language:
    """How one language is written, and what is said in it."""

    def __init__(self, code: str, words: Iterable[tuple[str, str]]) -> None:
        """Read the file of ``code``, if it has one, beside plain ``words`` (need, words).

        Raises RuleFileWrong.
        """
        self.code = code
        empty = Sayings(spelled={}, groups={}, plain="-", weak="-", needs={})
        file = said_file(code)
        said = read_rules(file, Sayings) if file.is_file() else empty
        self._spelled = {folded(short): folded(meant) for short, meant in said.spelled.items()}
        self._in_groups: dict[str, set[str]] = {}
        for group, members in said.groups.items():
            for member in members.split():
                self._in_groups.setdefault(self._label(member), set()).add(f"@{group}")
        self.plain = frozenset(map(self._label, said.plain.split()))
        self.weak = frozenset(map(self._label, said.weak.split()))
        self.sayings = (
            *(self._saying(need, one) for need, some in said.needs.items() for one in some),
            *(
                Saying(need, tuple(frozenset({self._label(word)}) for word in text.split()), 0)
                for need, text in words
            ),
        )

    def tokens(self, said: str) -> list[str]:
        """Return the words of what somebody wrote, spelled out: "doesn't", "u", "q"."""
        words = f" {folded(re.sub(r"(?<=\w)['’`´](?=\w)", '', said))} ".replace(" ", "  ")
        for short, meant in self._spelled.items():
            words = words.replace(f" {short.replace(' ', '  ')} ", f" {meant} ")
        return words.split()

    def meant(self, tokens: Sequence[str]) -> Iterator[Meant]:
        """Give each place where the words say what a pattern does."""
        labels = [self.labels(token) for token in tokens]
        for saying in self.sayings:
            for start in range(len(labels)):
                if not saying.places[0].isdisjoint(labels[start]):
                    at = _rest(labels, saying, (start,))
                    if at:
                        yield Meant(saying.need, frozenset(at))

    def labels(self, token: str) -> frozenset[str]:
        """Return all that a place may ask of a word to stand for it."""
        word = self.written(token)
        words = {word, *(_without(word, _JOINED) if self.code == "ar" else ())}
        verbs = {word, *(_without(word, _OF_VERBS, 3) if self.code == "ar" else ())}
        begins = {f"{one[:end]}*" for one in verbs for end in range(2, len(one) + 1)}
        found = words | begins
        return frozenset(found.union(*(self._in_groups.get(one, ()) for one in found)))

    def is_plain(self, token: str) -> bool:
        """Whether it is a word of every day, or of a group."""
        labels = self.labels(token)
        return not self.plain.isdisjoint(labels) or any(one.startswith("@") for one in labels)

    def written(self, token: str) -> str:
        """Return a word as it is compared in this language."""
        if self.code == "ar":
            return token.replace("ة", "ه").replace("ـ", "")
        if self.code == "es":
            for sound, letter in _SOUNDS:
                token = re.sub(sound, letter, token)
            return token.replace("G", "g")
        return token

    def _label(self, word: str) -> str:
        if word.startswith("@"):
            return word
        return self.written(folded(word)) + ("*" if word.endswith("*") else "")

    def _saying(self, need: str, pattern: str) -> Saying:
        places = tuple(frozenset(map(self._label, place.split("|"))) for place in pattern.split())
        known = {group for groups in self._in_groups.values() for group in groups}
        if unknown := {one for some in places for one in some if one.startswith("@")} - known:
            raise ValueError(f"{self.code}: {pattern!r} names {sorted(unknown)}, which is no group")
        return Saying(need, places)


def _rest(labels: Sequence[frozenset[str]], saying: Saying, at: tuple[int, ...]) -> tuple[int, ...]:
    """Return where the pattern stands that begins ``at`` these words; nowhere: nothing."""
    if len(at) == len(saying.places):
        return at
    for number in range(at[-1] + 1, min(at[-1] + saying.gap + 2, len(labels))):
        if not saying.places[len(at)].isdisjoint(labels[number]):
            found = _rest(labels, saying, (*at, number))
            if found:
                return found
    return ()


def _without(word: str, beginnings: Sequence[str], most: int = 1) -> Iterator[str]:
    """Give a word without what may stand before it, so many times; three letters stay."""
    for begins in beginnings:
        rest = word.removeprefix(begins)
        if rest != word and len(rest) > 1:
            yield rest
            if most > 1:
                yield from _without(rest, beginnings, most - 1)


def widest(found: Iterable[Meant], *, weak: frozenset[int], beside: str) -> list[Meant]:
    """Leave out what is said by a part alone of what something else says, and weak words.

    "Salud mental" is no "salud", "my car died" no death. The need ``beside`` others takes nothing
    from them: whoever tells of a father who hits is shown help against violence as well.
    """
    ones = set(found)
    takes = [one for one in ones if one.need != beside]
    wide = [one for one in ones if not any(one.at < other.at for other in takes)]
    wide = [one for one in wide if one.need != NOTHING]
    strong = [one for one in wide if len(one.at) > 1 or not one.at <= weak]
    return strong or wide
