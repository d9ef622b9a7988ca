"""Wrong passwords from the school's network: staff get in all the same, and guessers stay slow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from conftest import Cast
from upstander.people import known_devices, sessions, tries, turns
from upstander.people.models import Person
from upstander.people.tests.cast import PASSWORD, digits_of, give_password, with_password
from upstander.people.turns import Turns

pytestmark = pytest.mark.django_db

SCHOOL = "198.51.100.7"


@pytest.fixture
def dee(cast: Cast) -> Person:
    """The district's lead, at a school today."""
    return with_password(cast, "dee")


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was compared with an account's own."""
    seen: list[str] = []
    real = tries.Backend._check_password

    def check(self: tries.Backend, user: Any, password: str) -> Any:
        seen.append(password)
        return real(self, user, password)

    monkeypatch.setattr(tries.Backend, "_check_password", check)
    return seen


WRONG = "wrong horse battery"


def a_try(email: str, password: str = WRONG, address: str = SCHOOL) -> None:
    Client(REMOTE_ADDR=address).post("/account/login/", {"login": email, "password": password})


def gets_in(person: Person, device: Client | None = None, password: str = PASSWORD) -> bool:
    """Whether the right password passes at once, on a device of theirs or on a new one."""
    client = Client(REMOTE_ADDR=SCHOOL)
    if device is not None:
        client.cookies[known_devices.COOKIE] = device.cookies[known_devices.COOKIE].value
    give_password(client, person, password)
    return sessions.COOKIE in client.cookies


def use(client: Client, person: Person) -> Client:
    """Sign somebody in on a device with both factors, and out again."""
    give_password(client, person)
    client.post("/account/2fa/authenticate/", {"code": digits_of(person)})
    client.post("/account/logout/")
    return client


def her_device(person: Person) -> Client:
    return use(Client(REMOTE_ADDR=SCHOOL), person)


def test_wrong_tries_for_made_up_accounts_keep_nobody_out(dee: Person) -> None:
    for number in range(12):
        a_try(f"nobody{number}@maple.example")
    assert gets_in(dee)


def test_a_minute_of_eight_tries_a_second_keeps_her_device_out_of_nothing(dee: Person) -> None:
    hers = her_device(dee)
    in_at_once = 0
    for turn in range(20):
        for number in range(24):
            a_try(dee.email if number % 3 == 0 else f"nobody{turn}-{number}@maple.example")
        in_at_once += gets_in(dee, hers)
    assert in_at_once == 20


def test_made_up_accounts_alone_keep_not_even_a_new_device_out(dee: Person) -> None:
    for number in range(100):
        a_try(f"nobody{number}@maple.example")
    assert gets_in(dee)


def test_a_busy_desk_counts_no_try(dee: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as busy:
        busy.setattr(turns, "desk_turns", lambda: Turns(settings.HOME.run, 0, patience=0.0))
        for _ in range(2 * tries.FROM_ADDRESS):
            answer = Client(REMOTE_ADDR=SCHOOL).post(
                "/account/login/", {"login": dee.email, "password": PASSWORD}
            )
            assert answer.status_code == 503
            assert "The desk is busy." in answer.content.decode()
    assert gets_in(dee)


def test_who_goes_along_with_another_run_costs_none(
    dee: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid: list[str] = []
    monkeypatch.setattr(
        AuthenticationBackend, "_mitigate_timing_attack", lambda _, word: paid.append(word)
    )
    asked: list[dict[str, object]] = []

    @contextmanager
    def along(_self: Turns, source: str, **who: object) -> Iterator[bool]:
        asked.append({"source": source, **who})
        yield not who["made_up"]

    monkeypatch.setattr(Turns, "taken", along)
    a_try("nobody@maple.example")
    assert paid == []
    assert asked == [{"source": SCHOOL, "known": False, "made_up": True}]
    a_try(dee.email)
    assert asked[1:] == [{"source": SCHOOL, "known": False, "made_up": False}]


def test_a_known_device_goes_before_others(dee: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    hers = her_device(dee)
    asked: list[bool] = []
    real = Turns.taken

    def taken(self: Turns, source: str, **who: bool) -> Any:
        asked.append(who["known"])
        return real(self, source, **who)

    monkeypatch.setattr(Turns, "taken", taken)
    assert gets_in(dee, hers)
    assert gets_in(dee)
    assert asked == [True, False]


def test_one_address_looks_at_five_passwords_in_five_minutes(
    dee: Person, looked_at: list[str]
) -> None:
    for number in range(40):
        a_try(dee.email, f"guess number {number}")
    assert len(looked_at) == 5
    a_try(dee.email.upper(), "guess in capitals")
    assert len(looked_at) == 5


def test_many_addresses_look_at_twenty_in_five_minutes(dee: Person, looked_at: list[str]) -> None:
    """5,760 a day, at a passphrase of twelve characters or more."""
    for number in range(120):
        a_try(dee.email, f"guess number {number}", f"203.0.113.{number}")
    assert len(looked_at) == 20
    assert not gets_in(dee), "a device that was never used waits"


def test_her_own_device_passes_while_many_guess(dee: Person) -> None:
    hers = her_device(dee)
    for number in range(60):
        a_try(dee.email, f"guess number {number}", f"203.0.113.{number}")
    assert gets_in(dee, hers)


def test_a_known_device_guesses_slowly_too(dee: Person, looked_at: list[str]) -> None:
    stolen = her_device(dee)
    looked_at.clear()
    for number in range(30):
        give_password(stolen, dee, f"guess number {number}")
    assert len(looked_at) == tries.FROM_DEVICE


def test_a_right_password_is_no_try(dee: Person) -> None:
    for _ in range(12):
        assert gets_in(dee)


def test_what_a_device_knows_is_signed_and_ends_with_the_password(cast: Cast, dee: Person) -> None:
    tom = with_password(cast, "tom")
    shared, only_tom = her_device(dee), her_device(tom)
    use(shared, tom)
    cookie = shared.cookies[known_devices.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/account/"
    for told in (dee.email, tom.email):
        assert told not in cookie.value
    for number in range(60):
        a_try(dee.email, f"guess number {number}", f"203.0.113.{number}")
        a_try(tom.email, f"guess number {number}", f"203.0.113.{number}")
    assert gets_in(dee, shared)
    assert gets_in(tom, shared)
    stranger = Client(REMOTE_ADDR=SCHOOL)
    stranger.cookies[known_devices.COOKIE] = cookie.value[:-1] + (
        "B" if cookie.value.endswith("A") else "A"
    )
    assert not gets_in(dee, stranger)
    assert not gets_in(dee, only_tom)
    dee.set_password("another lantern over water")
    dee.save()
    assert not gets_in(dee, shared, "another lantern over water")


def test_a_code_passes_once_for_as_long_as_it_is_taken(dee: Person) -> None:
    digits = digits_of(dee)
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, dee)
    assert first.post("/account/2fa/authenticate/", {"code": digits}).status_code == 302
    # The package forgets it after half a minute; it is taken for another one.
    row = Authenticator.objects.get(user=dee, type=Authenticator.Type.TOTP)
    cache.delete(TOTP(row)._get_used_cache_key(digits))
    assert second.post("/account/2fa/authenticate/", {"code": digits}).status_code == 200


def test_neither_account_nor_address_stands_in_what_is_remembered(dee: Person) -> None:
    a_try(dee.email)
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text, encode(name, 'escape') FROM people_signinmemory m")
        rows = str(cursor.fetchall())
        cursor.execute(
            "SELECT relpersistence::text FROM pg_class WHERE relname = 'people_signinmemory'"
        )
        assert cursor.fetchone() == ("u",)
    # Three letters alone stand in some hash written in hex by chance.
    for told in (dee.email, SCHOOL, "dee@"):
        assert told not in rows
        assert told.encode().hex() not in rows
