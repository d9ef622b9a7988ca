"""What looks like a place on a map is taken out of a text; what doesn't stays."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.standards.hsds.addresses import GAP, struck

TABLE = (Path(__file__).parent / "addresses.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(io.StringIO(TABLE)))


@pytest.mark.parametrize("row", ROWS, ids=[row["why"] for row in ROWS])
def test_the_table(row: dict[str, str]) -> None:
    left, pieces = struck(row["text"])
    assert left == row["left"]
    assert len(pieces) == left.count(GAP)


def test_the_table_says_yes_and_no() -> None:
    taken = [row for row in ROWS if GAP in row["left"]]
    assert len(taken) >= 30
    assert len(ROWS) - len(taken) >= 15
    assert all(row["why"] for row in ROWS)


streets = st.builds(
    lambda number, name, kind: f"{number} {name} {kind}",
    st.integers(1, 99_999),
    st.sampled_from(["Elm", "Silas Deane", "N. Main", "O’Neill", "42nd", "Peña", "MLK Jr."]),
    st.sampled_from(["Street", "St", "Ave", "avenue", "Rd", "Blvd.", "Lane", "Dr", "Court", "Ter"]),
)
words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)


@given(words, streets, words)
def test_a_street_is_found_in_any_text(before: str, street: str, after: str) -> None:
    left, pieces = struck(f"{before}\n{street}. {after}")
    assert street not in left
    assert pieces


@given(words)
def test_what_is_left_is_left_the_next_time(text: str) -> None:
    left, _ = struck(text)
    assert struck(left)[0] == left


@pytest.mark.parametrize(
    "sign", ["1 ", "A ", "Calle ", "1 A ", "12 a b c ", "a. ", "Elm and ", "#1-"]
)
def test_a_hostile_text_takes_no_time(sign: str) -> None:
    begun = time.process_time()
    struck(sign * (20_000 // len(sign)))
    assert time.process_time() - begun < 60
