"""A call's digits, and seven words by the keys of a phone."""

from __future__ import annotations

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from upstander.vault.codes import (
    ReturnCode,
    keys_of,
    keys_of_letters,
    keys_of_spoken,
    keys_of_stems,
    new_spoken,
    spoken_fits,
)
from upstander.vault.keypad import FEWEST_KEYS, MOST_KEYS, codes_of_keys, keys_of_word
from upstander.vault.wordlists import LANGUAGES, stem, word_list

MOST = 4_000
PEPPER = b"p" * 32
digits = st.builds(lambda _n: new_spoken(), st.integers())
words_of = st.sampled_from(LANGUAGES).flatmap(
    lambda language: st.lists(st.sampled_from(word_list(language).words), min_size=7, max_size=7)
)


def test_a_code_carries_what_is_promised() -> None:
    drawn = {new_spoken() for _ in range(2000)}
    assert len(drawn) == 2000
    assert all(len(one) == 16 and spoken_fits(one) for one in drawn)
    assert math.log2(10**15) > 49.8
    for at in range(16):
        assert {one[at] for one in drawn} == set("0123456789"), "no place is fixed"


@given(digits, st.integers(0, 15), st.integers(1, 9))
def test_each_wrong_digit_is_noticed(code: str, at: int, by: int) -> None:
    wrong = f"{code[:at]}{(int(code[at]) + by) % 10}{code[at + 1 :]}"
    assert not spoken_fits(wrong)


@given(digits, st.integers(0, 14))
def test_each_swapped_pair_is_noticed(code: str, at: int) -> None:
    assume(code[at] != code[at + 1])
    assert not spoken_fits(f"{code[:at]}{code[at + 1]}{code[at]}{code[at + 2 :]}")


@given(st.text(max_size=20))
def test_nothing_else_is_taken_for_digits(typed: str) -> None:
    assert not spoken_fits(typed) or (len(typed) == 16 and typed.isascii())
    assert not spoken_fits("١" * 16)


def test_digits_cost_whoever_tries_them_more_and_open_by_their_own_keys() -> None:
    code = new_spoken()
    assert keys_of_spoken(code, pepper=PEPPER) == keys_of_spoken(code, pepper=PEPPER)
    assert keys_of_spoken(code, pepper=PEPPER) != keys_of_spoken(code, pepper=b"q" * 32)
    assert keys_of_spoken(code, pepper=PEPPER) != keys_of_letters(code, pepper=PEPPER)


@given(words_of, st.lists(st.booleans(), min_size=7, max_size=7))
def test_what_is_pressed_means_the_code_however_short_words_are_pressed(
    words: list[str], padded: list[bool]
) -> None:
    stems = tuple(stem(word) for word in words)
    keys = "".join(
        keys_of_word(one).ljust(4, "1") if pad else keys_of_word(one)
        for one, pad in zip(stems, padded, strict=True)
    )
    meant = codes_of_keys(keys, most=10**6)
    assert meant is not None
    assert stems in meant
    assert len(set(meant)) == len(meant)
    code = ReturnCode(" ".join(words))
    assert keys_of_stems(stems, pepper=PEPPER) == keys_of(code, pepper=PEPPER)
    few = codes_of_keys(keys, most=MOST)
    assert few is None or few == meant


@given(st.text("0123456789", max_size=MOST_KEYS + 3))
def test_whatever_is_pressed_costs_no_more_than_allowed(keys: str) -> None:
    meant = codes_of_keys(keys, most=MOST)
    assert meant is None or len(meant) <= MOST
    if not FEWEST_KEYS <= len(keys) <= MOST_KEYS:
        assert meant == []


def test_the_keys_that_mean_the_most_are_counted_and_not_made() -> None:
    by_keys: dict[str, int] = {}
    for one in word_list("es").by_stem:
        by_keys[keys_of_word(one)] = by_keys.get(keys_of_word(one), 0) + 1
    worst = max(by_keys, key=lambda keys: by_keys[keys])
    assert by_keys[worst] ** 7 > 10**6
    assert codes_of_keys(worst * 7, most=MOST) is None
