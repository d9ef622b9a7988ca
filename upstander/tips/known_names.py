"""The names that words are compared with: all by which a colleague is or was known.

Today's, earlier ones, the one that they were invited by, and what an address says that no name does
("maria.lopez7@"). Everything that asks whether a word means a colleague asks here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from upstander.matters.people_near import Near
from upstander.tips.blind_indexes import plain_words
from upstander.tips.word_lists import is_common, words_of

#: Letters from which a part of an address may be a name; shorter ones are initials.
_SHORTEST = 3


def names_of(one: Near, places: Collection[str] = ()) -> list[list[str]]:
    """Return somebody's names in plain words, today's first, each once.

    ``places``: plain words of teams' names, which say no name in an address.
    """
    names = [plain_words(name) for name in (one.name, *one.also) if "@" not in name]
    known = {word for name in names for word in name}
    found = [*names, *(_said_by(address, known, places) for address in one.also if "@" in address)]
    return [list(name) for name in dict.fromkeys(map(tuple, found)) if name]


def words_of_teams(near: Iterable[Near]) -> frozenset[str]:
    """Return the plain words of teams' names."""
    teams = " / ".join({one.team for one in near})
    return frozenset(plain_words(re.sub(r"(?<=\w)['’]s\b", "", teams)))


def _said_by(address: str, known: Collection[str], places: Collection[str]) -> list[str]:
    """Return what an address says of a name, and no name of theirs says: maria, lopez."""
    parts = re.findall(r"[^\W\d_]+", address.rpartition("@")[0])
    words = [word for part in parts for word in plain_words(part)]
    return [
        word
        for word in words
        if len(word) >= _SHORTEST
        and not is_common(word)
        and word not in places
        and not _is_of_office(word)
        # "mlopez" and "lopezm" of Maria Lopez.
        and not {word, word[1:], word[:-1]} & set(known)
    ]


def _is_of_office(word: str) -> bool:
    """Tell whether an address names what it is for: "office", "cedaroffice"."""
    return any(one == word or (len(one) > 5 and one in word) for one in words_of("address"))
