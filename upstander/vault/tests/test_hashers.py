"""The login hash as Django sees it."""

import secrets

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from upstander.vault.hashers import PepperedArgon2, salt_of
from upstander.vault.passwords import login_verifier

HASHER = "upstander.vault.hashers.PepperedArgon2"


@pytest.fixture(autouse=True)
def peppered(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [HASHER]
    settings.PASSWORD_PEPPER = secrets.token_bytes(32)


def test_django_checks_what_django_made() -> None:
    encoded = make_password("correct")
    assert len(encoded) <= 128  # the column's width
    assert check_password("correct", encoded)
    assert not check_password("wrong", encoded)


def test_a_stolen_hash_is_worth_nothing_without_the_pepper(settings: Settings) -> None:
    encoded = make_password("correct")
    settings.PASSWORD_PEPPER = secrets.token_bytes(32)
    assert not check_password("correct", encoded)


def test_the_salt_leads_to_the_same_run(settings: Settings) -> None:
    encoded = make_password("correct")
    verifier = login_verifier("correct", salt_of(encoded), settings.PASSWORD_PEPPER)
    assert PepperedArgon2().encode("correct", salt_of(encoded).decode()) == encoded
    assert len(verifier) == 32


def test_nothing_is_rehashed_behind_a_persons_back() -> None:
    encoded = make_password("correct")
    assert not identify_hasher(encoded).must_update(encoded)


def test_what_is_shown_of_a_hash_is_masked() -> None:
    encoded = make_password("correct")
    shown = PepperedArgon2().safe_summary(encoded)
    assert encoded.split("$")[3] not in shown.values()
    assert encoded.split("$")[2] not in shown.values()


def test_a_megabyte_is_a_wrong_password() -> None:
    assert not check_password("x" * 1_000_000, make_password("correct"))


def test_a_process_without_the_pepper_says_so(settings: Settings) -> None:
    settings.PASSWORD_PEPPER = b""
    with pytest.raises(ImproperlyConfigured, match="password-pepper"):
        make_password("correct")
