"""What of a reporter's words may say a place: rather too much than too little."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.dispatch.place_in_words import MOST, PIECE, places_in


@pytest.mark.parametrize(
    "text",
    [
        "Birch Road 9, upstairs",
        "hes at 14 Elm",
        "she is in the BATHROOM by the gym",
        "we are behind the bleachers",
        "at her house",
        "its on bus 12",
        "Está en la calle Roble 9, arriba",
        "está en el baño de la escuela",
        "هي في الحمام",
        "بالبيت عند أمها",
        "apt #4",
    ],
)
def test_a_place_is_shown(text: str) -> None:
    assert places_in([text]) == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "she told me at 9 pm and i am scared",
        "he is 14 years old",
        "Grade 9",
        "on November 26 and again Monday 27",
        "quiere morir y no sé qué hacer",
        "هي تريد أن تموت",
        "",
    ],
)
def test_what_says_no_place_is_left_out(text: str) -> None:
    assert places_in([text]) == ()


def test_the_newest_come_first_once_each_and_no_more_than_three() -> None:
    texts = ["at the park", "at the park", "no idea", "in the gym. or on the roof", "by the river"]
    assert places_in(texts) == ("by the river", "or on the roof", "in the gym.")


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
