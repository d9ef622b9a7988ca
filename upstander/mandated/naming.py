"""Who of staff a text names: a colleague by name, or an office by its word ("our principal").

Whoever writes "Ms. Example, our principal" and ticks nothing has named the head of their school,
and the report must not open for them. No rule can tell who is meant, so nothing is decided here:
what a text meets is asked about before the form is kept. It asks too often rather than too seldom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from upstander.places.people_near import Near
from upstander.places.roles import Role
from upstander.tips.name_marks import plain_words

#: Surnames and given names that are words as well: met only where the text writes them as a name.
_WORDS_TOO: Final = frozenset(
    [
        "art",
        "bill",
        "black",
        "brown",
        "chance",
        "child",
        "daily",
        "day",
        "dean",
        "faith",
        "gray",
        "green",
        "grace",
        "hall",
        "hand",
        "head",
        "hill",
        "hope",
        "hurt",
        "joy",
        "just",
        "king",
        "lane",
        "law",
        "long",
        "low",
        "mark",
        "may",
        "park",
        "price",
        "rich",
        "rose",
        "sharp",
        "short",
        "small",
        "stone",
        "strong",
        "sue",
        "summer",
        "way",
        "west",
        "white",
        "will",
        "wise",
        "wood",
        "young",
    ]
)
_HEAD: Final = frozenset({Role.HEAD_OF_SCHOOL, Role.DESIGNEE})
#: An office's words (in plain letters) → who may be meant. The longest is looked for first.
_OFFICES: Final[Sequence[tuple[str, frozenset[Role]]]] = (
    (r"(vice|assistant|deputy|associate) principals?", frozenset({Role.DESIGNEE})),
    (r"principals?|headmaster|headmistress|head ?teacher|head of (the |our |my )?school", _HEAD),
    (r"school head|(our|the) head(?= (of|says|said|told|did|was|is|has)\b)", _HEAD),
    (r"deans?|designees?|school administrators?", _HEAD),
    (r"superintendents?|superintendente", frozenset({Role.SUPERINTENDENT})),
    (r"(chair|president) of the board|board (chair|president)", frozenset({Role.BOARD_CHAIR})),
    (r"compliance (lead|officer)|title ix coordinator", frozenset({Role.COMPLIANCE_LEAD})),
    (r"subdirector|subdirectora", frozenset({Role.DESIGNEE})),
    (r"director|directora|decano|decana|مدير|المدير|مديره|المديره|مديرة|المديرة", _HEAD),
)
_FINDERS: Final = tuple((re.compile(rf"\b({words})\b"), roles) for words, roles in _OFFICES)
#: Titles and small words that a name neither begins nor ends with.
_NO_NAMES: Final = frozenset(
    [
        "a",
        "again",
        "also",
        "an",
        "and",
        "at",
        "attacker",
        "because",
        "but",
        "by",
        "child",
        "coach",
        "counselor",
        "doctor",
        "dr",
        "father",
        "for",
        "from",
        "grade",
        "he",
        "her",
        "him",
        "his",
        "i",
        "in",
        "is",
        "it",
        "kid",
        "kids",
        "miss",
        "mother",
        "mr",
        "mrs",
        "ms",
        "mx",
        "my",
        "neighbor",
        "nurse",
        "of",
        "on",
        "or",
        "our",
        "principal",
        "professor",
        "school",
        "she",
        "sir",
        "sr",
        "sra",
        "staff",
        "student",
        "teacher",
        "that",
        "the",
        "their",
        "them",
        "then",
        "they",
        "when",
        "after",
        "yesterday",
        "today",
        "this",
        "to",
        "unknown",
        "us",
        "vice",
        "was",
        "we",
        "who",
        "with",
        "you",
        "your",
    ]
)
_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s\b", re.IGNORECASE)
_NAME_WORD: Final = re.compile(r"[^\W\d_]+(?:['’‘-][^\W\d_]+)*")


def offices_met(text: str) -> frozenset[Role]:
    """Return the offices whose words stand in a text."""
    plain = " ".join(plain_words(_POSSESSIVE.sub("", text)))
    found: set[Role] = set()
    for finder, roles in _FINDERS:
        if finder.search(plain):
            found |= roles
            plain = finder.sub(" ", plain)
    return frozenset(found)


def people_met(text: str, near: Iterable[Near]) -> list[int]:
    """Return the colleagues whose name, or a word of it, stands in a text; each once, in order."""
    text = _POSSESSIVE.sub("", text)
    words = set(plain_words(text))
    capital = {
        part for word in _NAME_WORD.findall(text) if word[0].isupper() for part in plain_words(word)
    }
    found: dict[int, None] = {}
    for one in near:
        if one.person_id not in found and _is_met(plain_words(one.name), words, capital):
            found[one.person_id] = None
    return list(found)


def _is_met(name: Sequence[str], words: set[str], capital: set[str]) -> bool:
    whole = [part for part in name if len(part) > 1 or not part.isascii()]
    if not whole:
        return False

    def stands(part: str) -> bool:
        if part.isascii() and (len(part) < 3 or part in _WORDS_TOO):
            return part in capital
        return part in words

    if all(map(stands, whole)):
        return True
    # The last part as it is; a given name alone only where it is written as one.
    return stands(whole[-1]) or any(part in capital for part in whole[:-1])


def accounts_named(name: str, near: Iterable[Near]) -> set[int]:
    """Return whose whole name this is, however it is written: they are kept out of what names them.

    A namesake is kept out too: that costs less than one who reads what accuses them.
    """
    wanted = sorted(plain_words(name))
    if not wanted:
        return set()
    return {one.person_id for one in near if sorted(plain_words(one.name)) == wanted}


def names_typed(text: str) -> list[str]:
    """Return the names that a text seems to write out: two to four words with capitals in a row."""
    found: dict[str, None] = {}
    for run in _runs(text):
        name: list[str] = []
        for word in [*run, ""]:
            if word and word[0].isupper() and word.casefold() not in _NO_NAMES:
                name.append(word)
                continue
            if 2 <= len(name) <= 4:
                found[" ".join(name)] = None
            name = []
    return list(found)


def names_others(text: str, names: Iterable[str]) -> bool:
    """Tell whether a text writes out a name that is none of these, whole or in part."""
    known = [set(plain_words(name)) for name in names]
    return any(not any(one & set(plain_words(name)) for one in known) for name in names_typed(text))


def pairs_typed(text: str) -> list[str]:
    """Return each two words in a row that may be a name, however they are written; at most 20."""
    found: dict[str, None] = {}
    for run in _runs(text):
        for one, other in pairwise(run):
            if not {one.casefold(), other.casefold()} & _NO_NAMES:
                found[f"{one} {other}"] = None
    return list(found)[:20]


def _runs(text: str) -> list[list[str]]:
    """Cut a text at what no name goes across: commas, ends of sentences, digits."""
    # A period after a title or an initial ends nothing: "Mr. Ray Marlow", "J. Marlow".
    joined = re.sub(r"\b(\w{1,3})\.(?=\s)", r"\1", text)
    return [_NAME_WORD.findall(part) for part in re.split(r"[^\w\s'’‘-]|\d|\n", joined)]
