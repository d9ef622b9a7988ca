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

from upstander.emergency.plain_words import Token, plain, shapes, tokens
from upstander.rulefiles import Key, RuleType, Words, data_file, read_table

#: How many pieces are shown, the newest, and how long one is (characters).
MOST: Final = 3
PIECE: Final = 160

_SENTENCES = re.compile(r"(?<=[.!?؟;\n])\s+|\n+")
_ORDINAL: Final = re.compile(r"\d{1,3}(?:st|nd|rd|th)\Z")
#: A year of the calendar is no room.
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
#: Behind these something else is said.
_CUTS: Final = (",", ";", ":", "،", "؛", "(", "–", "—", " - ")
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
    #: "not": rules out the place behind it; "no": with "stands" between ("no está en"), for it
    #: answers alone ("no, en"). "passed": may stand between too ("not even in", "no, he is in").
    #: "here": is ruled out as a place is. "exits": what is behind it was
    #: left ("left the gym"), but for "side" before it ("to the left"). "moves": so with "from".
    #: "whom": who is moved. "onward": what stands behind it is said anew.
    #: "group": behind "in" and "own" ("my") it says whom somebody belongs to, unless it is
    #: "at_once" ("in my class now"). So behind "person": "a boy in my school"; "anywhere": only so.
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
        "not",
        "no",
        "stands",
        "passed",
        "here",
        "moves",
        "exits",
        "side",
        "from",
        "whom",
        "onward",
        "group",
        "anywhere",
        "own",
        "person",
        "at_once",
    ]
    language: Key
    word: Words


class Piece(NamedTuple):
    """A piece of a reporter's words that may say a place, and when they wrote it (UTC)."""

    words: str
    at: datetime
    #: Which of their turns it stands in, from 1; None: an answer of theirs.
    turn: int | None
    #: It says where somebody is not, and no place: what was written down may be true no more.
    left: bool = False


@cache
def _alone() -> frozenset[str]:
    table = read_table(data_file("upstander.emergency", "place_words.csv"), PlaceWord)
    return frozenset(plain(row.word) for row in table.rows if row.alone == "yes")


@cache
def _behind_at() -> frozenset[str]:
    table = read_table(data_file("upstander.emergency", "place_words.csv"), PlaceWord)
    return frozenset(plain(row.word) for row in table.rows)


@cache
def _are(part: str) -> frozenset[str]:
    table = read_table(data_file("upstander.emergency", "around_places.csv"), AroundPlace)
    return frozenset(plain(row.word) for row in table.rows if row.part == part)


def places_in(
    texts: Iterable[tuple[str, datetime]], answers: Iterable[tuple[str, datetime]] = ()
) -> tuple[Piece, ...]:
    """Return the pieces of a reporter's texts (oldest first) that may say a place, newest first.

    ``answers``: what they wrote in fields that ask for something else.
    Word for word, each of ``PIECE`` characters at the most. What they wrote twice stands once, with
    the later time. At most ``MOST`` that say a place, and as many that say that somebody left.
    """
    found: dict[str, Piece] = {}
    wrote = [(turn, text, at) for turn, (text, at) in enumerate(texts, 1)]
    both = [*wrote, *((None, text, at) for text, at in answers)]
    for turn, text, written in sorted(both, key=lambda one: one[2]):
        for sentence in _SENTENCES.split(text):
            piece = " ".join(sentence.split())
            since, place = _place_at(piece)
            at = place if place is not None else _left_at(piece)
            if at is not None:
                words = _around(piece[since:], at - since)
                found.pop(words, None)
                found[words] = Piece(words, written, turn, left=place is None)
    newest = list(reversed(found.values()))
    shown = {one for left in (False, True) for one in [p for p in newest if p.left is left][:MOST]}
    return tuple(one for one in newest if one in shown)


def _left_at(piece: str) -> int | None:
    """Return where in a sentence it stands that somebody left, or is not there."""
    said = tokens(piece)
    for at, token in enumerate(said):
        if token.plain in _are("left"):
            return token.at
        # "She is not here"; "ya no está".
        last = at == len(said) - 1 and token.plain in _are("stands")
        names = last or token.plain in _are("here") or _begins_place(said, at)
        if names and _is_ruled_out(piece, said, at):
            return token.at
    return None


def _place_at(piece: str) -> tuple[int, int | None]:
    """Return from where in a sentence it says a place, and where in it something like one stands.

    Where somebody is not says none: "she left the gym and is in the library" says one from "and".
    """
    said, since, ruled_out = tokens(piece), 0, False
    for at, token in enumerate(said):
        onward = token.plain in _are("onward") | _are("goes")
        if ruled_out and (onward or _is_cut(piece, said, at)):
            since, ruled_out = token.at, False
        # "From home to school".
        goal = since and {"to", "al", "الي"} & {_plain_at(said, at - n) for n in (1, 2)}
        if _begins_place(said, at) or (goal and shapes(token.plain) & _behind_at()):
            ruled_out = ruled_out or _is_ruled_out(piece, said, at)
            if not ruled_out:
                return since, token.at
    return 0, None


def _is_cut(piece: str, said: Sequence[Token], at: int) -> bool:
    """Whether a comma or the like stands before a word."""
    return at > 0 and any(sign in piece[said[at - 1].at : said[at].at] for sign in _CUTS)


def _is_ruled_out(piece: str, said: Sequence[Token], at: int) -> bool:
    """Whether a place is said to be where somebody is not ("not at the", "left the", "ran from").

    Only what stands between them as part of it is passed: "not breathing in the bathroom" and "left
    her phone in the gym" say where.
    """
    stands = said[at].plain in _are("stands")
    located, origin = _locates(said, at), False
    for before in range(at - 1, -1, -1):
        word = said[before].plain
        if _is_cut(piece, said, before + 1):
            break
        if word in _are("not") or (stands and word in _are("no")):
            return True
        if word in _are("exits") and not (located and not origin):
            return _plain_at(said, before - 1) not in _are("side")
        if word in _are("left") | _are("goes") | _are("moves"):
            return origin
        if not located and word in _are("from"):
            origin = True
        elif word in _are("stands"):
            stands = True
        elif _locates(said, before) or word in ("to", "al"):
            located = True
        elif word not in _passed() and not (origin and word in _are("whom")):
            return False
    return False


@cache
def _passed() -> frozenset[str]:
    return _are("between") | _are("passed") | _are("here")


def _locates(said: Sequence[Token], at: int) -> bool:
    """Whether a word says "in", "at", "next": what stands behind it is where, not wherefrom."""
    word = said[at].plain
    two = (f"{word} {_plain_at(said, at + 1)}", f"{_plain_at(said, at - 1)} {word}")
    return word in _are("before") or not _are("before").isdisjoint(two)


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
        return not of_a_year and not _is_of_group(said, at - 1, at)
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
            return _may_be_place(said, place, straight=place == first) and not _is_of_group(
                said, at, place
            )
    return False


def _is_of_group(said: Sequence[Token], at: int, place: int) -> bool:
    """Whether what stands behind "in" says who somebody is, not where: "a boy in my class".

    ``place``: which word may be the place; "math" in "in my math class".
    """
    groups = [
        word
        for word in (said[place].plain, _plain_at(said, place + 1))
        if shapes(word) & _are("group")
    ]
    # "صفي": whose it is stands at its end.
    own = any(one.plain in _are("own") for one in said[at + 1 : place])
    if not groups or not (own or _is_suffixed(said[place].plain)):
        return False
    if _plain_at(said, at - 1) in _are("person"):
        return True
    alone = not shapes(groups[0]) & _are("anywhere")
    return alone and _are("at_once").isdisjoint(one.plain for one in said)


def _is_suffixed(word: str) -> bool:
    """Whether an Arabic word for a group ends with whose it is."""
    return word.endswith(("ي", "نا")) and not word.startswith("ال")


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
