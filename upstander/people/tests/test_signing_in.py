"""Staff sign in with two things, and their keys go with the sign-in."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from upstander.people import sessions
from upstander.people.forms.second_factor import PERIOD
from upstander.people.models import Person, StaffSession
from upstander.people.tests.cast import (
    PASSWORD,
    Cast,
    digits,
    digits_of,
    give_password,
    sign_in,
    with_password,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tara(cast: Cast) -> Person:
    """Leads the team of Cedar Middle School; has a password and an app."""
    return with_password(cast, "tara")


@pytest.fixture
def tom(cast: Cast) -> Person:
    """A member of it."""
    return with_password(cast, "tom")


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    """Has a password and no second factor yet."""
    person = with_password(cast, "uma")
    Authenticator.objects.filter(user=person).delete()
    return person


def test_the_keys_open_only_after_the_second_factor(cast: Cast, tara: Person) -> None:
    client = Client()
    give_password(client, tara)
    token = client.cookies[sessions.COOKIE].value
    waiting = sessions.read(token)
    assert waiting is not None
    assert not waiting.complete
    assert client.get("/people/me/").headers["Location"].startswith("/account/login/")

    answer = client.post("/account/2fa/authenticate/", {"code": digits_of(tara)})
    assert answer.status_code == 302
    row = sessions.read(client.cookies[sessions.COOKIE].value)
    assert row is not None
    assert row.complete
    assert row.viewer.private_seed == cast.keys.people[tara.pk]
    assert client.get("/people/me/").status_code == 200


def test_a_wrong_code_opens_nothing(tara: Person) -> None:
    client = Client()
    give_password(client, tara)
    answer = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert answer.status_code == 200
    row = sessions.read(client.cookies[sessions.COOKIE].value)
    assert row is not None
    assert not row.complete


def test_another_persons_second_factor_completes_nothing(tara: Person, tom: Person) -> None:
    stolen = Client()
    give_password(stolen, tara)
    token = stolen.cookies[sessions.COOKIE].value
    mine = Client()
    give_password(mine, tom)
    mine.cookies[sessions.COOKIE] = token
    mine.post("/account/2fa/authenticate/", {"code": digits_of(tom)})
    row = sessions.read(token)
    assert row is None or not row.complete


def test_nobody_works_before_a_second_factor_is_set_up(newcomer: Person) -> None:
    client = Client()
    give_password(client, newcomer)
    assert client.get("/people/me/").headers["Location"] == "/account/2fa/totp/activate/"
    assert client.get("/people/unlock/").headers["Location"] == "/account/2fa/totp/activate/"


def test_setting_up_the_app_shows_spare_codes_and_then_lets_in(newcomer: Person) -> None:
    client = Client()
    give_password(client, newcomer)
    asked = client.get("/account/2fa/totp/activate/", follow=True)
    assert "Confirm it’s you" in asked.content.decode()
    shown = client.post(
        "/account/reauthenticate/",
        {"password": PASSWORD, "next": "/account/2fa/totp/activate/"},
        follow=True,
    )
    assert b"<svg" in shown.content
    secret = client.session["mfa.totp.secret"]
    done = client.post("/account/2fa/totp/activate/", {"code": digits(secret)}, follow=True)
    assert done.request["PATH_INFO"] == "/account/2fa/codes/"
    assert done.content.count(b"<li><code>") == 10
    assert client.get("/people/me/").status_code == 200


def test_no_secret_of_a_sign_in_lies_in_the_database(newcomer: Person) -> None:
    client = Client()
    give_password(client, newcomer)
    client.post(
        "/account/reauthenticate/", {"password": PASSWORD, "next": "/account/2fa/totp/activate/"}
    )
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(session_data, '') FROM django_session")
        row = cursor.fetchone()
    assert row is not None
    assert row[0]
    assert secret not in row[0]
    client.post("/account/2fa/totp/activate/", {"code": digits(secret)})
    for kept in Authenticator.objects.all():
        assert secret not in str(kept.data)


def test_the_last_second_factor_stays(tara: Person) -> None:
    client = sign_in(tara)
    client.post("/account/2fa/reauthenticate/", {"code": digits_of(tara)})
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=tara, type="totp").exists()


def test_signing_out_ends_the_key_session(tara: Person) -> None:
    client = sign_in(tara)
    token = client.cookies[sessions.COOKIE].value
    client.post("/account/logout/")
    assert sessions.read(token) is None
    assert client.cookies[sessions.COOKIE].value == ""


def test_signing_out_everywhere_ends_the_other_device_too(tara: Person, tom: Person) -> None:
    one, other = sign_in(tara), sign_in(tara)
    bystander = sign_in(tom)
    one.post("/people/sign-out-everywhere/")
    assert other.get("/people/me/").headers["Location"].startswith("/account/login/")
    assert bystander.get("/people/me/").status_code == 200
    assert not StaffSession.objects.filter(person_id=tara.pk).exists()


def test_fifteen_idle_minutes_sign_out_and_say_so(tara: Person) -> None:
    client = sign_in(tara)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_staffsession SET used_at = now() - interval '16 minutes'")
    answer = client.get("/people/me/", follow=True)
    assert answer.request["PATH_INFO"] == "/account/login/"
    assert b"15 minutes" in answer.content


def test_a_page_that_refreshes_by_itself_keeps_nobody_signed_in(tara: Person) -> None:
    client = sign_in(tara)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_staffsession SET used_at = now() - interval '10 minutes'")
    before = StaffSession.objects.get(person_id=tara.pk).used_at
    assert client.get("/people/me/", headers={"X-By-Itself": "1"}).status_code == 200
    assert sessions.read(client.cookies[sessions.COOKIE].value, touch=False)
    assert StaffSession.objects.get(person_id=tara.pk).used_at == before
    client.get("/people/me/")
    assert StaffSession.objects.get(person_id=tara.pk).used_at > before


def test_twelve_hours_sign_out_however_busy(tara: Person) -> None:
    client = sign_in(tara)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_staffsession SET started_at = now() - interval '13 hours'")
    assert client.get("/people/me/").headers["Location"].startswith("/account/login/")


def test_guessing_is_stopped_without_locking_the_person_out(tara: Person) -> None:
    guesser, at_work = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="198.51.100.4")
    for _ in range(5):
        give_password(guesser, tara, "a wrong guess of theirs")
    give_password(guesser, tara)
    assert sessions.COOKIE not in guesser.cookies
    give_password(at_work, tara)
    assert sessions.COOKIE in at_work.cookies


def test_guessing_the_six_digits_is_stopped(tara: Person) -> None:
    client = Client()
    give_password(client, tara)
    secret = digits_of(tara)
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    client.post("/account/2fa/authenticate/", {"code": secret})
    assert client.get("/people/me/").status_code == 302


def test_nobody_signs_up(tara: Person) -> None:
    assert Client().get("/account/signup/").status_code == 404
    assert sign_in(tara).get("/account/email/").status_code == 404


def test_the_page_that_was_asked_for_comes_after_signing_in(tara: Person) -> None:
    client = Client()
    assert client.get("/people/me/").headers["Location"] == "/account/login/?next=%2Fpeople%2Fme%2F"
    client.post(
        "/account/login/",
        {"login": tara.email, "password": PASSWORD, "next": "/people/me/"},
    )
    answer = client.post("/account/2fa/authenticate/", {"code": digits_of(tara)})
    assert answer.headers["Location"] == "/people/me/"


def test_only_the_demo_shows_the_digits(tara: Person, settings: Any) -> None:
    client = Client()
    give_password(client, tara)
    assert b"demo-code" not in client.get("/account/2fa/authenticate/").content
    settings.DEMO = True
    shown = client.get("/account/2fa/authenticate/").content.decode()
    found = re.search(r'id="demo-code">(\d{6})<', shown)
    assert found is not None
    client.post("/account/2fa/authenticate/", {"code": found[1]})
    assert client.get("/people/me/").status_code == 200


def test_demo_shows_two_codes_that_stand_then_waits(
    tara: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    # Of this half-minute, because what was used is remembered by the database's clock.
    shown_at = int(time.time()) // PERIOD * PERIOD + PERIOD - 1
    taken = []
    for _ in range(3):
        monkeypatch.setattr("time.time", lambda: shown_at)
        client = Client()
        give_password(client, tara)
        shown = client.get("/account/2fa/authenticate/").content.decode()
        found = re.search(r'id="demo-code">(\d{6})<', shown)
        if found is None:
            break
        monkeypatch.setattr("time.time", lambda: shown_at + PERIOD)
        client.post("/account/2fa/authenticate/", {"code": found[1]})
        taken.append(client.get("/people/me/").status_code)
    assert taken == [200, 200]
    assert 'http-equiv="refresh" content="2"' in shown
