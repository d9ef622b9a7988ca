"""Spellings of one name find each other, other names don't, and without the key nothing does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.tips.blind_indexes import INDEX_BYTES, Closeness, blind_indexes_of, name_parts

KEY, OTHER = b"k" * 32, b"o" * 32
words = st.text(st.characters(categories=["L"]), min_size=2, max_size=12)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


def closeness(one: str, other: str) -> Closeness | None:
    """Tell how close two names are: the closest blind index that they share."""
    first, second = blind_indexes_of(one, KEY), blind_indexes_of(other, KEY)
    return max((first[blind_index] for blind_index in first.keys() & second.keys()), default=None)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("María Elena Torres", "maria elena torres", Closeness.SAME),
        ("María Torres", "TORRES, Maria", Closeness.SAME),
        ("Anne-Marie O’Brien", "anne marie obrien", Closeness.SAME),
        ("Łukasz Wójcik", "Lukasz Wojcik", Closeness.SAME),
        ("Søren Ægir", "Soren Aegir", Closeness.SAME),
        ("Jörg Weiß", "jorg weiss", Closeness.SAME),
        ("İnci Işık", "inci isik", Closeness.SAME),
        ("أحمد علي", "احمد علي", Closeness.SAME),
        ("王 伟", "伟 王", Closeness.SAME),
        ("Maria Torres", "Maria Elena Torres", Closeness.PARTS),
        ("María Torres Vega", "Maria Torres", Closeness.PARTS),
        ("Liz Torres", "Elizabeth Torres", Closeness.PARTS),
        ("Pepe Torres", "José Torres", Closeness.PARTS),
        ("M. Torres", "Maria Elena Torres", Closeness.INITIAL),
        ("Maria T.", "Maria Torres", Closeness.INITIAL),
        ("Kevin", "kevin", Closeness.SAME),
        ("Kevin", "Kevin Torres", None),
        ("Torres", "Maria Torres", None),
        ("Maria Torres", "Ana Vega", None),
        ("Maria Torres", "Pedro Torres", None),
        ("M. T.", "Maria Torres", None),
        ("", "", None),
        ("?!", "?!", None),
    ],
)
def test_how_close_two_names_are(one: str, other: str, expected: Closeness | None) -> None:
    assert closeness(one, other) == closeness(other, one) == expected


@given(names, st.randoms(use_true_random=False))
def test_case_accents_spacing_and_order_do_not_matter(name: str, chance: st.DataObject) -> None:
    parts = name.split()
    chance.shuffle(parts)  # type: ignore[attr-defined]
    other = "  ,".join(parts).upper()
    # Some letters change with their case for good (ſ, ŉ): then there is nothing to compare.
    if name_parts(name) == name_parts(name.upper()):
        assert set(blind_indexes_of(other, KEY)) == set(blind_indexes_of(name, KEY))
    decomposed = unicodedata.normalize("NFD", name)
    assert set(blind_indexes_of(decomposed, KEY)) == set(blind_indexes_of(name, KEY))


@given(names)
def test_blind_indexes_have_one_length_and_say_nothing_without_the_key(name: str) -> None:
    mine, theirs = blind_indexes_of(name, KEY), blind_indexes_of(name, OTHER)
    assert {len(blind_index) for blind_index in mine} <= {INDEX_BYTES}
    assert not mine.keys() & theirs.keys()
    # One word alone is marked as a whole name only: no blind index of a given name can be counted.
    assert len(mine) <= 1 or len(name_parts(name)) > 1


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    assert len(blind_indexes_of(text, KEY)) <= 46
