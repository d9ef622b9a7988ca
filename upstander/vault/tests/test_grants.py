"""Grants: a secret opens for its holder, in its own row, and nowhere else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.errors import GrantBroken
from upstander.vault.grants import GRANT_BYTES, make_grant, open_grant
from upstander.vault.seeds import Audience, new_secret

from .cast import CENTER, CHARLIE, OTHER_TIP, SCHOOL, TIP, Member


def grant(secret: bytes, to: Member, audience: Audience = Audience.DIALOG) -> bytes:
    """Grant a secret of TIP to a member's first key."""
    return make_grant(
        secret, tip=TIP, audience=audience, holder=to.holder, version=1, public=to.keys.public
    )


@given(
    st.binary(min_size=32, max_size=32),
    st.uuids(),
    st.sampled_from(Audience),
    st.text(max_size=80),
    st.integers(1, 2**31),
)
def test_round_trip(
    secret: bytes, tip: UUID, audience: Audience, holder: str, version: int
) -> None:
    blob = make_grant(
        secret,
        tip=tip,
        audience=audience,
        holder=holder,
        version=version,
        public=CENTER.keys.public,
    )
    assert len(blob) == GRANT_BYTES == 1168
    opened = open_grant(
        blob,
        tip=tip,
        audience=audience,
        holder=holder,
        version=version,
        private=CENTER.keys.private,
    )
    assert opened == secret


@pytest.mark.parametrize("tip", [TIP, OTHER_TIP])
@pytest.mark.parametrize("audience", [Audience.DIALOG, Audience.CENTER, Audience.CASE])
@pytest.mark.parametrize("holder", [CENTER.holder, SCHOOL.holder, "mac:00ff"])
@pytest.mark.parametrize("version", [1, 2])
def test_a_moved_grant_does_not_open(
    tip: UUID, audience: Audience, holder: str, version: int
) -> None:
    """Given a grant of the dialog to the center, when it stands in any other row, it is dead."""
    secret = new_secret()
    blob = grant(secret, CENTER)
    private = CENTER.keys.private
    row = (tip, audience, holder, version)

    if row == (TIP, Audience.DIALOG, CENTER.holder, 1):
        opened = open_grant(
            blob, tip=tip, audience=audience, holder=holder, version=version, private=private
        )
        assert opened == secret
    else:
        with pytest.raises(GrantBroken):
            open_grant(
                blob, tip=tip, audience=audience, holder=holder, version=version, private=private
            )


def test_a_stranger_opens_nothing() -> None:
    with pytest.raises(GrantBroken):
        open_grant(
            grant(new_secret(), CENTER),
            tip=TIP,
            audience=Audience.DIALOG,
            holder=CENTER.holder,
            version=1,
            private=CHARLIE.keys.private,
        )


@given(st.integers(0, GRANT_BYTES * 8 - 1))
def test_a_changed_grant_does_not_open(bit: int) -> None:
    blob = bytearray(grant(new_secret(), CENTER))
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises(GrantBroken):
        open_grant(
            bytes(blob),
            tip=TIP,
            audience=Audience.DIALOG,
            holder=CENTER.holder,
            version=1,
            private=CENTER.keys.private,
        )


@pytest.mark.parametrize("size", [0, 1, 100, 1120, GRANT_BYTES - 1, GRANT_BYTES + 1])
def test_a_grant_of_another_size_does_not_open(size: int) -> None:
    blob = (grant(new_secret(), CENTER) + b"\0")[:size]
    with pytest.raises(GrantBroken):
        open_grant(
            blob,
            tip=TIP,
            audience=Audience.DIALOG,
            holder=CENTER.holder,
            version=1,
            private=CENTER.keys.private,
        )


@pytest.mark.parametrize("size", [0, 31, 33])
def test_only_a_whole_secret_is_granted(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        grant(b"x" * size, CENTER)
