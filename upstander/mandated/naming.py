"""Names that a text writes out, for the register: whose account they are, and whom it can find.

Whom of staff a text may mean, and is asked about for it, is found by ``tips/whom.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from upstander.matters.people_near import Near
from upstander.tips.blind_indexes import plain_words
from upstander.tips.known_names import names_of

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
_NAME_WORD: Final = re.compile(r"[^\W\d_]+(?:['’‘-][^\W\d_]+)*")


def accounts_named(name: str, near: Iterable[Near]) -> set[int]:
    """Return whose whole name this is or was, in any order: they are kept out of what names them.

    A namesake is kept out too: that costs less than one who reads what accuses them.
    """
    wanted = sorted(plain_words(name))
    if not wanted:
        return set()
    return {one.person_id for one in near if wanted in map(sorted, names_of(one))}


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
