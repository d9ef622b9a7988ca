"""Forgetting: without its shred key, a secret yields nothing."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault.errors import SealBroken
from upstander.vault.seeds import new_secret, seed_from
from upstander.vault.shred import new_shred_key, unwrap_shred, wrap_shred

from .cast import OTHER_TIP, TIP


@given(st.uuids())
def test_round_trip(subject: UUID) -> None:
    file_key, shred_key = new_secret(), new_shred_key()
    blob = wrap_shred(shred_key, subject=subject, file_key=file_key)
    assert unwrap_shred(blob, subject=subject, file_key=file_key) == shred_key


def test_an_opened_secret_without_its_shred_key_gives_no_seed() -> None:
    """Given the secret from an old backup, when the shred key is gone, no guess yields the seed."""
    secret, shred_key = new_secret(), new_shred_key()
    seed = seed_from(secret, shred_key)
    guesses = (new_shred_key(), bytes(32), secret)
    assert seed not in {seed_from(secret, guess) for guess in guesses} | {secret, shred_key}
    for nothing in (b"", b"\0" * 31):
        with pytest.raises(ValueError, match="32 bytes"):
            seed_from(secret, nothing)


def test_a_renewed_key_file_opens_only_what_it_wrapped_again() -> None:
    """Given two tips, when the night's renewal re-wraps one, the other is forgotten."""
    yesterday, today = new_secret(), new_secret()
    kept = wrap_shred(new_shred_key(), subject=TIP, file_key=yesterday)
    forgotten = wrap_shred(new_shred_key(), subject=OTHER_TIP, file_key=yesterday)

    living = unwrap_shred(kept, subject=TIP, file_key=yesterday)
    kept = wrap_shred(living, subject=TIP, file_key=today)

    assert unwrap_shred(kept, subject=TIP, file_key=today) == living
    with pytest.raises(SealBroken):
        unwrap_shred(forgotten, subject=OTHER_TIP, file_key=today)


def test_a_shred_key_moved_to_another_tip_does_not_open() -> None:
    file_key = new_secret()
    blob = wrap_shred(new_shred_key(), subject=TIP, file_key=file_key)
    with pytest.raises(SealBroken):
        unwrap_shred(blob, subject=OTHER_TIP, file_key=file_key)
