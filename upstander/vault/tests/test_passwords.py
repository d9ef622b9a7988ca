"""Passwords: one run gives login and key; a reset gives a login and no key."""

import secrets
import threading

import pytest

from tests.waiting import PATIENCE
from upstander.vault.envelopes import bind, seal, unseal
from upstander.vault.errors import SealBroken
from upstander.vault.passwords import (
    login_verifier,
    new_passphrase,
    new_salt,
    password_keys,
    wrapping_key,
)
from upstander.vault.wordlists import word_list

PEPPER = secrets.token_bytes(32)
SALT = new_salt()
KEYS = password_keys("grain lemon otter quilt maple", SALT, PEPPER)


def test_both_halves_come_from_one_run_and_differ() -> None:
    assert login_verifier("grain lemon otter quilt maple", SALT, PEPPER) == KEYS.verifier
    assert wrapping_key("grain lemon otter quilt maple", SALT, PEPPER) == KEYS.wrapping_key
    assert KEYS.verifier != KEYS.wrapping_key
    assert "\\x" not in repr(KEYS)


def test_password_salt_and_pepper_all_count() -> None:
    others = (
        password_keys("grain lemon otter quilt mapl", SALT, PEPPER),
        password_keys("grain lemon otter quilt maple", new_salt(), PEPPER),
        password_keys("grain lemon otter quilt maple", SALT, secrets.token_bytes(32)),
    )
    halves = {half for keys in (KEYS, *others) for half in keys}
    assert len(halves) == 8


def test_an_accent_is_the_same_on_every_keyboard() -> None:
    assert password_keys("caf\u00e9", SALT, PEPPER) == password_keys("cafe\u0301", SALT, PEPPER)


def test_an_email_reset_gives_a_login_and_no_key() -> None:
    """Given a sealed private seed, when mail sets a new password, the seed stays closed."""
    place = bind("person key", 11, 1)
    stored = seal(KEYS.wrapping_key, b"private seed", aad=place)
    after = password_keys("a new password by mail", new_salt(), PEPPER)
    with pytest.raises(SealBroken):
        unseal(after.wrapping_key, stored, aad=place)
    with pytest.raises(SealBroken):
        unseal(KEYS.verifier, stored, aad=place)  # what the login table holds


def test_a_megabyte_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(ValueError, match="4,096"):
        password_keys("x" * 1_000_000, SALT, PEPPER)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_passphrase_of_five_words_is_offered(language: str) -> None:
    words = new_passphrase(language).split()
    assert len(words) == 5
    assert set(words) <= set(word_list(language).words)


def test_eight_runs_at_once_end_well() -> None:
    found: list[bytes] = []

    def run() -> None:
        found.append(password_keys("grain lemon otter quilt maple", SALT, PEPPER).verifier)
        found.append(password_keys("grain lemon otter quilt maple", SALT, PEPPER).verifier)

    threads = [threading.Thread(target=run, daemon=True) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == [KEYS.verifier] * 16
