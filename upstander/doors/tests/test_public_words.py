"""Cleaning what came over the wire."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from upstander.doors.web.words import clean, size_of

ANY = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANY)
def test_cleaning_leaves_what_can_be_stored_and_shown(raw: str) -> None:
    text = clean(raw)
    text.encode()
    assert not any((ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 for c in text)
    assert clean(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_no_word_in_any_language_is_changed(text: str) -> None:
    assert clean(text) == text
    assert size_of(text) == len(text.encode())


def test_lines_break_the_same_way_on_every_computer() -> None:
    assert clean("a\r\nb\rc\nd\te") == "a\nb\nc\nd\te"
