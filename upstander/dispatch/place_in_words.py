"""Whether a place may stand in a reporter's own words, where nobody put one in its field.

A child writes "she is behind the gym" into the message and leaves the question of where empty. No
software says that this is the place: what may be one is shown word for word to whoever has the
words open, who takes it, changes it, or says nothing of it. It rather shows too much: a word that
says a place (``data/place_words.csv``); whatever stands behind "at", "en", "عند" and is no time,
person or feeling (``data/around_places.csv``); a number with a name. ``tests/place_phrases.csv`` is
what it must know, and what it must leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Final, Literal, NamedTuple

from upstander.dispatch.plain_words import Token, plain, shapes, tokens
from upstander.rulefiles import Key, RuleType, Words, data_file, read_table

#: How many pieces are shown, the newest, and how long one is (characters).
MOST: Final = 3
PIECE: Final = 160

_SENTENCES = re.compile(r"(?<=[.!?؟;\n])\s+|\n+")
_ORDINAL: Final = re.compile(r"\d{1,3}(?:st|nd|rd|th)\Z")
#: A year of the calendar is no room.
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
#: How many words stand between "at" and the place at the most.
_AT_MOST_BETWEEN: Final = 4


class PlaceWord(RuleType, frozen=True):
    """A word that people say where somebody is with, in one language."""

    key: Key
    language: Key
    word: Words
    #: It says so alone; else only behind "at" ("he hates school" says no place).
    alone: Literal["yes", "no"]


class AroundPlace(RuleType, frozen=True):
    """A word by which a place is known or ruled out, in one language."""

    key: Key
    #: "before": a place stands behind it. "goes": so it does behind this and "to". "between":
    #: stands between the two and says nothing. "no_place": says no place behind "at". "done_to":
    #: what is done to a person behind "at" and "by". "house": stands before a house's number.
    #: "counted": what a number counts. "dated", "school_year": a number or "class" beside it is no
    #: place. "left": says that somebody is not where they were.
    part: Literal[
        "before",
        "goes",
        "between",
        "no_place",
        "done_to",
        "house",
        "counted",
        "dated",
        "school_year",
        "left",
    ]
    language: Key
    word: Words


class Piece(NamedTuple):
    """A piece of a reporter's words that may say a place, and when they wrote it (UTC)."""

    words: str
    at: datetime
    #: It says no place, but that somebody left: what was written down may be true no more.
    left: bool = False


@cache
def _alone() -> frozenset[str]:
    table = read_table(data_file("upstander.dispatch", "place_words.csv"), PlaceWord)
    return frozenset(plain(row.word) for row in table.rows if row.alone == "yes")


@cache
def _behind_at() -> frozenset[str]:
    table = read_table(data_file("upstander.dispatch", "place_words.csv"), PlaceWord)
    return frozenset(plain(row.word) for row in table.rows)


@cache
def _are(part: str) -> frozenset[str]:
    table = read_table(data_file("upstander.dispatch", "around_places.csv"), AroundPlace)
    return frozenset(plain(row.word) for row in table.rows if row.part == part)


def places_in(texts: Iterable[tuple[str, datetime]]) -> tuple[Piece, ...]:
    """Return the pieces of a reporter's texts (oldest first) that may say a place, newest first.

    Word for word, each of ``PIECE`` characters at the most. What they wrote twice stands once, with
    the later time. At most ``MOST`` that say a place, and as many that say that somebody left.
    """
    found: dict[str, Piece] = {}
    for text, written in texts:
        for sentence in _SENTENCES.split(text):
            piece = " ".join(sentence.split())
            place = _place_at(piece)
            at = place if place is not None else _left_at(piece)
            if at is not None:
                words = _around(piece, at)
                found.pop(words, None)
                found[words] = Piece(words, written, left=place is None)
    newest = list(reversed(found.values()))
    shown = {one for left in (False, True) for one in [p for p in newest if p.left is left][:MOST]}
    return tuple(one for one in newest if one in shown)


def _left_at(piece: str) -> int | None:
    """Return where in a sentence it stands that somebody left."""
    return next((one.at for one in tokens(piece) if one.plain in _are("left")), None)


def _place_at(piece: str) -> int | None:
    """Return where in a sentence something like a place stands."""
    said = tokens(piece)
    return next((token.at for at, token in enumerate(said) if _begins_place(said, at)), None)


def _begins_place(said: Sequence[Token], at: int) -> bool:
    token = said[at]
    if token.plain == "#":
        return True
    if token.is_number:
        return _numbered(said, at)
    return _says_place(said, at) or _stands_behind(said, at)


def _says_place(said: Sequence[Token], at: int) -> bool:
    """Whether a word says a place by itself, or with "at" written into it, or before a number."""
    word, after = said[at].plain, _plain_at(said, at + 1)
    if shapes(word) & _alone():
        of_a_year = "صف" in shapes(word) and bool(shapes(after) & _are("school_year"))
        return not of_a_year
    if word.startswith("بال") and shapes(word) & _behind_at():
        return True
    if word == "dr" and at == len(said) - 1 and at > 0:
        # "Birch dr", but "the dr", "saw a dr".
        before = said[at - 1].plain
        return before not in _are("between") | _are("no_place") | {"saw", "see", "seen", "need"}
    # "Birch 9".
    return (
        said[at].capital
        and len(word) > 1
        and after.isdecimal()
        and len(after) < 6
        and word not in _are("dated") | _are("no_place")
        and _plain_at(said, at + 2) not in _are("counted")
        and not _is_before(said, at)
    )


def _is_before(said: Sequence[Token], at: int) -> bool:
    """Whether a word is one that stands before a place ("At 9" is a time)."""
    return said[at].plain in _are("before") | _are("between")


def _numbered(said: Sequence[Token], at: int) -> bool:
    """Whether a number is that of a house, a street ("5th and main") or a room behind "in"."""
    number, before, after = said[at].plain, _plain_at(said, at - 1), _plain_at(said, at + 1)
    digits = re.match(r"\d+", number)
    if digits is None or len(digits.group()) > 5:
        return False
    ending = number[digits.end() :]
    if _ORDINAL.match(number):
        return after in ("and", "&", "y") and bool(_name_at(said, at + 2))
    if len(ending) > 1:
        return False
    behind = before in _are("before")
    if behind and _is_room(number, after):
        return True
    named = _name_at(said, at + 1)
    if named is None or named.plain in _are("dated"):
        return False
    return named.capital or at == 0 or behind or before in _are("house")


def _is_room(number: str, after: str) -> bool:
    return bool(re.match(r"\d{3,5}[a-z]?\Z", number)) and not (
        _YEAR.match(number) or after in _are("counted")
    )


def _name_at(said: Sequence[Token], at: int) -> Token | None:
    """Return a word that may be a street's or a house's name."""
    token = said[at] if at < len(said) else None
    if token is None or token.is_number or token.plain in _are("counted"):
        return None
    is_name = len(token.plain) > 1 and token.plain not in _are("no_place") | _are("between")
    return token if is_name else None


def _stands_behind(said: Sequence[Token], at: int) -> bool:
    """Whether a place stands behind "at", "next to", "went to": what is no time and no person."""
    word, after = said[at].plain, _plain_at(said, at + 1)
    goes = word in _are("goes") and after in ("to", "towards")
    if goes or f"{word} {after}" in _are("before"):
        first = at + 2
    elif word in _are("before"):
        first = at + 1
    else:
        return False
    if word in ("at", "by") and _plain_at(said, at - 1) in _are("done_to"):
        return False
    for place in range(first, min(first + _AT_MOST_BETWEEN, len(said))):
        word = said[place].plain
        of_many = word == "lot" and _plain_at(said, place + 1) == "of"
        if word not in _are("between") and not of_many and not _ORDINAL.match(word):
            return _may_be_place(said, place, straight=place == first)
    return False


def _may_be_place(said: Sequence[Token], at: int, *, straight: bool) -> bool:
    """Whether a word behind "at" may be a place; ``straight``: nothing stands between."""
    word = said[at].plain
    if said[at].is_number:
        # "7-Eleven"; other numbers are looked at by themselves.
        after = _plain_at(said, at + 1)
        return (word == "7" and after in ("eleven", "11")) or _is_room(word, after)
    if shapes(word) & _behind_at():
        return True
    if len(word) < 2 or (straight and word.endswith("ing")):
        return False
    return not shapes(word) & _are("no_place")


def _plain_at(said: Sequence[Token], at: int) -> str:
    return said[at].plain if 0 <= at < len(said) else ""


def _around(piece: str, at: int) -> str:
    """Cut a long sentence to what stands around a spot."""
    if len(piece) <= PIECE:
        return piece
    first = max(0, min(at - PIECE // 2, len(piece) - PIECE))
    cut = piece[first : first + PIECE].strip()
    return ("…" if first else "") + cut + ("…" if first + PIECE < len(piece) else "")
