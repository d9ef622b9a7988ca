"""What of a reporter's words may say a place: rather too much than too little."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.emergency.place_in_words import MOST, PIECE, Piece
from upstander.emergency.place_in_words import places_in as pieces_in
from upstander.rulefiles import Key, RuleType, Words, read_table

BEGAN = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)


def places_in(texts: Sequence[str]) -> tuple[str, ...]:
    """The words alone that may say a place, as if one came each minute."""
    minutes = (BEGAN + timedelta(minutes=n) for n in range(len(texts)))
    pieces = pieces_in(zip(texts, minutes, strict=True))
    return tuple(one.words for one in pieces if not one.left)


class Phrase(RuleType, frozen=True):
    """A phrase as a frightened child types it, and whether it may say a place."""

    key: Key
    language: Literal["en", "es", "ar"]
    place: Literal["yes", "no"]
    phrase: Words


TABLE = Path(__file__).with_name("place_phrases.csv")
PHRASES = read_table(TABLE, Phrase).rows


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_what_may_say_a_place_is_shown_and_what_says_none_is_left_out(language: str) -> None:
    of_it = [one for one in PHRASES if one.language == language]
    missed = [one.phrase for one in of_it if one.place == "yes" and not places_in([one.phrase])]
    wrong = [one.phrase for one in of_it if one.place == "no" and places_in([one.phrase])]
    assert (missed, wrong) == ([], [])


def test_the_table_is_large_enough_to_say_something() -> None:
    assert len([one for one in PHRASES if one.place == "yes"]) >= 120
    assert len([one for one in PHRASES if one.place == "no"]) >= 40
    assert len({one.phrase for one in PHRASES}) == len(PHRASES)


def test_the_newest_come_first_once_each_and_no_more_than_three() -> None:
    texts = ["at the park", "at the park", "no idea", "in the gym. or on the roof", "by the river"]
    assert places_in(texts) == ("by the river", "or on the roof", "in the gym.")


def test_what_was_written_twice_has_the_later_time() -> None:
    later = BEGAN + timedelta(minutes=9)
    assert pieces_in([("at the park", BEGAN), ("ok", BEGAN), ("at the park", later)]) == (
        Piece("at the park", later, 3),
    )


def test_that_they_left_is_said_of_a_piece_that_says_no_place() -> None:
    texts = ("she left", "ya se fue", "طلعت من هناك", "she left for the park", "she is sad")
    pieces = pieces_in((text, BEGAN) for text in texts)
    assert [(one.words, one.left) for one in pieces] == [
        ("she left for the park", False),
        ("طلعت من هناك", True),
        ("ya se fue", True),
        ("she left", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "She left the gym",
        "She is not at the bus stop",
        "not there anymore",
        "she isn’t here",
        "ya no esta aqui",
        "ya no está",
        "no está en el gimnasio",
        "ya se fue del parque",
        "ليس في الملعب",
        "هي مو هنا",
        "لم تعد هناك",
    ],
)
def test_where_somebody_is_not_is_said_and_is_no_place(text: str) -> None:
    (piece,) = pieces_in([(text, BEGAN)])
    assert (piece.words, piece.left) == (text, True)


@pytest.mark.parametrize(
    "text", ["she is not breathing", "ya no respira", "im not safe here", "not even", "no mas"]
)
def test_a_negation_alone_says_nothing_of_where(text: str) -> None:
    assert pieces_in([(text, BEGAN)]) == ()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("They took him from the park to the hospital", "to the hospital"),
        ("she left the gym and is in the library", "and is in the library"),
        ("not at the gym, at the park", "at the park"),
        ("lo llevaron del parque al hospital", "al hospital"),
        ("he left home with a gun heading to school", "heading to school"),
        ("he went from home to school", "to school"),
        ("طلعت من البيت الى الجسر", "الى الجسر"),
        ("she is at the park, not at the gym", "she is at the park, not at the gym"),
    ],
)
def test_of_where_from_and_where_to_only_the_second_is_a_place(text: str, where: str) -> None:
    assert places_in([text]) == (where,)


@settings(deadline=None)
@given(st.lists(st.text(max_size=400), max_size=5))
def test_every_piece_is_of_their_own_words(texts: list[str]) -> None:
    whole = " ".join(" ".join(text.split()) for text in texts)
    pieces = places_in(texts)
    assert len(pieces) <= MOST
    for piece in pieces:
        assert len(piece) <= PIECE + 2
        assert piece.strip("… ") in whole or "…" in whole


def test_a_long_message_is_cut_around_the_place() -> None:
    text = "la " * 200 + "in the gym " + "la " * 200
    (piece,) = places_in([text])
    assert "in the gym" in piece
    assert len(piece) <= PIECE + 2
