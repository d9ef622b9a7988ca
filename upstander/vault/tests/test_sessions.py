"""Sessions: the cookie opens its row; the row alone opens nothing."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.envelopes import bind, derive, unseal
from upstander.vault.errors import SealBroken
from upstander.vault.sessions import new_token, open_for, row_key, seal_for


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_the_cookie_opens_its_row(seed: bytes, owner: bytes) -> None:
    token = new_token()
    assert open_for(token, seal_for(token, seed, owner), owner) == seed


def test_another_cookie_or_owner_opens_nothing() -> None:
    token = new_token()
    blob = seal_for(token, b"seed", b"person:11")
    with pytest.raises(SealBroken):
        open_for(new_token(), blob, b"person:11")
    with pytest.raises(SealBroken):
        open_for(token, blob, b"person:13")


def test_what_the_database_holds_opens_nothing() -> None:
    """Given a stolen row, when its key is tried as a cookie or as a key, it does not open."""
    token = new_token()
    key, blob = row_key(token), seal_for(token, b"seed", b"")
    aad = bind("session", b"")
    for guess in (key, derive(key, "session"), hashlib.sha256(key).digest()):
        with pytest.raises(SealBroken):
            unseal(guess, blob, aad=aad)
    with pytest.raises(SealBroken):
        open_for(key.hex(), blob, b"")


def test_tokens_are_long_and_never_repeat() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 43 and token.isascii() for token in tokens)
    assert len({row_key(token) for token in tokens}) == 1000


@given(st.text(st.characters(exclude_categories=[]), max_size=200))
def test_a_forged_cookie_is_a_stranger_not_an_error(cookie: str) -> None:
    assert len(row_key(cookie)) == 32
    with pytest.raises(SealBroken):
        open_for(cookie, seal_for(new_token(), b"seed", b""), b"")
