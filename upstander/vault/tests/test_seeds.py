"""Seeds: one for each audience, none from another; late messages reach the dialog alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import SealBroken
from upstander.vault.seeds import (
    Audience,
    inbox_key_pair,
    new_secret,
    open_inbox,
    seal_to_inbox,
    seed_from,
)
from upstander.vault.shred import new_shred_key

from .cast import OTHER_TIP, TIP


def test_what_is_written_for_one_audience_opens_for_no_other() -> None:
    shred_key = new_shred_key()
    keys = {audience: derive(seed_from(new_secret(), shred_key), "text") for audience in Audience}
    place = bind(TIP, 1, "text")
    for audience, key in keys.items():
        blob = seal(key, b"a note", aad=place)
        for other, other_key in keys.items():
            if other is audience:
                assert unseal(other_key, blob, aad=place) == b"a note"
            else:
                with pytest.raises(SealBroken):
                    unseal(other_key, blob, aad=place)


@given(st.binary(max_size=3000))
def test_a_late_message_reaches_the_dialog(text: bytes) -> None:
    seed = seed_from(new_secret(), new_shred_key())
    blob = seal_to_inbox(inbox_key_pair(seed).public, text, aad=bind(TIP, 1))
    assert open_inbox(seed, blob, aad=bind(TIP, 1)) == text


def test_a_late_message_opens_in_no_other_dialog_or_row() -> None:
    seed = seed_from(new_secret(), new_shred_key())
    other = seed_from(new_secret(), new_shred_key())
    blob = seal_to_inbox(inbox_key_pair(seed).public, b"text", aad=bind(TIP, 1))
    for wrong_seed, aad in (
        (other, bind(TIP, 1)),
        (seed, bind(OTHER_TIP, 1)),
        (seed, bind(TIP, 2)),
    ):
        with pytest.raises(SealBroken):
            open_inbox(wrong_seed, blob, aad=aad)
    with pytest.raises(SealBroken):
        open_inbox(seed, blob[:-1], aad=bind(TIP, 1))


def test_late_messages_of_about_one_length_look_alike() -> None:
    public = inbox_key_pair(new_secret()).public
    sizes = {len(seal_to_inbox(public, text, aad=b"")) for text in (b"", b"yes", b"x" * 60)}
    assert len(sizes) == 1
