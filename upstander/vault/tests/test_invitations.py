"""Invitations: link and words together, and neither alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.errors import InvitationBroken
from upstander.vault.invitations import (
    CarriedKey,
    new_invitation,
    pack,
    unpack,
    unwrap,
    wrap,
)

from .cast import CENTER, SCHOOL

LINK, WORDS = new_invitation()
CARRIED = pack([CarriedKey(CENTER.holder, 2, CENTER.keys.private)])
BLOB = wrap(CARRIED, LINK, WORDS, aad=b"invitation 1")


def test_link_and_words_open_it() -> None:
    assert unwrap(BLOB, LINK, WORDS, aad=b"invitation 1") == CARRIED


def test_words_heard_over_the_phone_are_forgiven() -> None:
    typed = "-".join(word[:4].upper() for word in WORDS.split())
    assert unwrap(BLOB, LINK, typed, aad=b"invitation 1") == CARRIED


def test_the_link_alone_opens_nothing() -> None:
    other = "acid acid acid acid" if not WORDS.startswith("acid") else "able able able able"
    with pytest.raises(InvitationBroken, match="don’t match"):
        unwrap(BLOB, LINK, other, aad=b"invitation 1")


@pytest.mark.parametrize("words", ["", "acid", "one two three four five", "xxxx xxxx xxxx xxxx"])
def test_what_are_no_four_words_is_told_at_once(words: str) -> None:
    with pytest.raises(InvitationBroken, match="not the 4 words"):
        unwrap(BLOB, LINK, words, aad=b"invitation 1")


@pytest.mark.parametrize("link", ["", new_invitation().link_secret], ids=["none", "another"])
def test_the_words_alone_open_nothing(link: str) -> None:
    with pytest.raises(InvitationBroken, match="don’t match"):
        unwrap(BLOB, link, WORDS, aad=b"invitation 1")


def test_an_invitation_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(InvitationBroken):
        unwrap(BLOB, LINK, WORDS, aad=b"invitation 2")


def test_no_two_invitations_are_alike_and_none_shows_itself() -> None:
    made = [new_invitation("es") for _ in range(200)]
    assert len({invitation.link_secret for invitation in made}) == 200
    assert all(len(invitation.words.split()) == 4 for invitation in made)
    assert made[0].words not in repr(made[0])
    assert "\\x" not in repr(CarriedKey(SCHOOL.holder, 1, SCHOOL.keys.private))


carried = st.builds(
    CarriedKey,
    st.text(max_size=80),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=32, max_size=32),
)


@given(st.lists(carried, max_size=5))
def test_packed_keys_come_back(keys: list[CarriedKey]) -> None:
    assert unpack(pack(keys)) == tuple(keys)


@given(st.lists(carried, min_size=1, max_size=3), st.integers(1, 30))
def test_a_cut_pack_is_refused(keys: list[CarriedKey], cut: int) -> None:
    with pytest.raises(InvitationBroken):
        unpack(pack(keys)[:-cut])
