"""Envelopes: what is sealed opens in its own place only, and lengths lie on steps."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.envelopes import (
    OVERHEAD,
    STEPS,
    bind,
    derive,
    pad,
    padded_size,
    seal,
    unpad,
    unseal,
)
from upstander.vault.errors import SealBroken

KEY = secrets.token_bytes(32)
texts = st.binary(max_size=10_000)


@given(texts, st.binary(max_size=100))
def test_round_trip(plaintext: bytes, aad: bytes) -> None:
    assert unseal(KEY, seal(KEY, plaintext, aad=aad), aad=aad) == plaintext


@given(texts, st.binary(max_size=100), st.binary(max_size=100))
def test_another_place_is_refused(plaintext: bytes, aad: bytes, other: bytes) -> None:
    if aad == other:
        other += b"x"
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, plaintext, aad=aad), aad=other)


@given(texts, st.data())
def test_any_changed_bit_is_refused(plaintext: bytes, data: st.DataObject) -> None:
    blob = bytearray(seal(KEY, plaintext, aad=b""))
    at = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[at // 8] ^= 1 << at % 8
    with pytest.raises(SealBroken):
        unseal(KEY, bytes(blob), aad=b"")


@given(texts, st.data())
def test_a_cut_blob_is_refused(plaintext: bytes, data: st.DataObject) -> None:
    blob = seal(KEY, plaintext, aad=b"")
    with pytest.raises(SealBroken):
        unseal(KEY, blob[: data.draw(st.integers(0, len(blob) - 1))], aad=b"")


def test_another_key_is_refused() -> None:
    with pytest.raises(SealBroken):
        unseal(secrets.token_bytes(32), seal(KEY, b"text", aad=b""), aad=b"")


@given(st.integers(0, 200_000))
def test_lengths_lie_on_steps(length: int) -> None:
    size = padded_size(length)
    assert size > length
    assert size in STEPS or size % 4096 == 0
    assert size == len(pad(b"x" * length))


@given(texts)
def test_a_sealed_length_tells_the_step_only(plaintext: bytes) -> None:
    assert len(seal(KEY, plaintext, aad=b"")) == OVERHEAD + padded_size(len(plaintext))


def test_yes_and_a_sentence_look_alike() -> None:
    answers = (b"yes", b"no", b"I do not know, he said it yesterday")
    assert len({len(seal(KEY, answer, aad=b"")) for answer in answers}) == 1


@given(texts)
def test_padding_keeps_zeros_and_marks_at_the_end(plaintext: bytes) -> None:
    for tail in (b"", b"\0", b"\x80", b"\x80\0"):
        assert unpad(pad(plaintext + tail)) == plaintext + tail


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({seal(KEY, b"same", aad=b"") for _ in range(100)}) == 100


def test_a_database_memoryview_opens() -> None:
    blob = memoryview(seal(KEY, b"text", aad=b""))
    assert unseal(KEY, blob, aad=b"") == b"text"  # type: ignore[arg-type]


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_bound_parts_never_run_together(left: list[str], right: list[str]) -> None:
    assert (bind(*left) == bind(*right)) == (left == right)


def test_each_purpose_has_its_own_key() -> None:
    keys = {derive(KEY, purpose) for purpose in ("", "a", "b", "a b")}
    assert len(keys) == 4
    assert all(len(key) == 32 for key in keys)
    assert derive(KEY, "a") == derive(KEY, "a")


def test_a_typed_word_is_no_seed() -> None:
    with pytest.raises(ValueError, match="seed"):
        derive(b"password", "a")
