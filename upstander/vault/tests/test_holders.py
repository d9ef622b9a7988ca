"""Public keys are signed for their holder; a team's seed opens for its members."""

import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.errors import GrantBroken, KeySwapped
from upstander.vault.holders import (
    key_pair_from,
    new_key_pair,
    open_private,
    seal_private,
    sign_public,
    verify_public,
)

from .cast import ALICE, CENTER, CHARLIE, SCHOOL

SIGNING = secrets.token_bytes(32)
VERIFY = Ed25519PrivateKey.from_private_bytes(SIGNING).public_key().public_bytes_raw()


@given(st.text(max_size=80), st.integers(1, 2**31))
def test_a_signed_key_is_accepted(holder: str, version: int) -> None:
    signature = sign_public(holder, version, CENTER.keys.public, SIGNING)
    verify_public(holder, version, CENTER.keys.public, signature, VERIFY)


def test_a_swapped_key_is_refused() -> None:
    """Given the center's row, when somebody who writes the database puts their own key there."""
    signature = sign_public(CENTER.holder, 1, CENTER.keys.public, SIGNING)
    with pytest.raises(KeySwapped, match=r"team:1 v1"):
        verify_public(CENTER.holder, 1, CHARLIE.keys.public, signature, VERIFY)


def test_a_signed_key_of_another_holder_or_version_is_refused() -> None:
    signature = sign_public(CENTER.holder, 1, CENTER.keys.public, SIGNING)
    for holder, version in ((SCHOOL.holder, 1), (CENTER.holder, 2), ("team:11", 1)):
        with pytest.raises(KeySwapped):
            verify_public(holder, version, CENTER.keys.public, signature, VERIFY)


@pytest.mark.parametrize("signature", [b"", b"x" * 64])
def test_a_made_up_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(KeySwapped):
        verify_public(CENTER.holder, 1, CENTER.keys.public, signature, VERIFY)


def test_signing_with_a_key_of_ones_own_is_refused() -> None:
    signature = sign_public(CENTER.holder, 1, CHARLIE.keys.public, secrets.token_bytes(32))
    with pytest.raises(KeySwapped):
        verify_public(CENTER.holder, 1, CHARLIE.keys.public, signature, VERIFY)


def test_a_pair_comes_from_its_private_half() -> None:
    pair = new_key_pair()
    assert key_pair_from(pair.private) == pair
    assert (len(pair.private), len(pair.public)) == (32, 1216)
    assert new_key_pair() != new_key_pair()


def test_no_repr_shows_a_key() -> None:
    assert "\\x" not in repr(new_key_pair())


def test_a_member_opens_the_teams_seed() -> None:
    blob = seal_private(
        CENTER.keys.private,
        holder=CENTER.holder,
        version=1,
        member=ALICE.holder,
        member_version=1,
        public=ALICE.keys.public,
    )
    assert len(blob) == 1168

    def opened(
        private: bytes,
        holder: str = CENTER.holder,
        version: int = 1,
        member: str = ALICE.holder,
        member_version: int = 1,
    ) -> bytes:
        return open_private(
            blob,
            holder=holder,
            version=version,
            member=member,
            member_version=member_version,
            private=private,
        )

    assert opened(ALICE.keys.private) == CENTER.keys.private
    with pytest.raises(GrantBroken):
        opened(CHARLIE.keys.private)
    with pytest.raises(GrantBroken):
        opened(ALICE.keys.private, holder=SCHOOL.holder)
    with pytest.raises(GrantBroken):
        opened(ALICE.keys.private, version=2)
    with pytest.raises(GrantBroken):
        opened(ALICE.keys.private, member=CHARLIE.holder)
    with pytest.raises(GrantBroken):
        opened(ALICE.keys.private, member_version=2)
