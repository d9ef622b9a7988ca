"""Whether a place may stand in a reporter's own words, where nobody put one in its field.

A child writes "she is behind the gym" into the message and leaves the question of where empty. No
software says that this is the place: what may be one is shown word for word to whoever has the
words open, who takes it, changes it, or says nothing of it. It rather shows too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from upstander.rulefiles import Key, RuleType, Words, data_file, read_table

#: How many pieces are shown, the newest, and how long one is (characters).
MOST: Final = 3
PIECE: Final = 160

_SENTENCES = re.compile(r"(?<=[.!?؟;\n])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: "14 Elm", "Birch Road 9", "apt 3", "#12": a number beside a word with a capital.
_NUMBERED = re.compile(r"\b\d{1,5}[A-Za-z]?\s+[A-Z][a-z]+|\b[A-Z][a-z]+\s+\d{1,5}\b|#\s?\d")
#: Numbers that are beside a word with a capital and say no place.
_NO_PLACE = re.compile(
    r"\b(?:Grade|Year|Age|Class|Period|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
    r"\s+\d{1,5}\b|\b\d{1,5}\s+(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December)\b"
)
_ARABIC_PREFIXES: Final = ("وبال", "بال", "وال", "ال", "لل", "ب", "ل", "و")


class PlaceWord(RuleType, frozen=True):
    """A word that people say where somebody is with, in one language."""

    key: Key
    language: Key
    word: Words


@cache
def _words() -> frozenset[str]:
    table = read_table(data_file("upstander.dispatch", "place_words.csv"), PlaceWord)
    return frozenset(row.word.casefold() for row in table.rows)


def places_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the pieces of a reporter's texts (oldest first) that may say a place, newest first.

    Word for word, at most ``MOST`` of them, each of ``PIECE`` characters at the most.
    """
    found: list[str] = []
    for text in texts:
        for sentence in _SENTENCES.split(text):
            piece = " ".join(sentence.split())
            if (at := _place_at(piece)) is not None:
                found.append(_around(piece, at))
    newest = list(dict.fromkeys(reversed(found)))
    return tuple(newest[:MOST])


def _place_at(piece: str) -> int | None:
    """Return where in a sentence something like a place stands."""
    spots = [word.start() for word in _WORD.finditer(piece) if _says_place(word.group())]
    without = _NO_PLACE.sub(lambda one: " " * len(one.group()), piece)
    if (numbered := _NUMBERED.search(without)) is not None:
        spots.append(numbered.start())
    return min(spots, default=None)


def _says_place(word: str) -> bool:
    plain = word.casefold()
    if plain in _words():
        return True
    # "At the house" is one word in Arabic.
    return any(
        plain.startswith(prefix) and plain.removeprefix(prefix) in _words()
        for prefix in _ARABIC_PREFIXES
    )


def _around(piece: str, at: int) -> str:
    """Cut a long sentence to what stands around a spot."""
    if len(piece) <= PIECE:
        return piece
    first = max(0, min(at - PIECE // 2, len(piece) - PIECE))
    cut = piece[first : first + PIECE].strip()
    return ("…" if first else "") + cut + ("…" if first + PIECE < len(piece) else "")
