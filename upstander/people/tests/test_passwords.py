"""What a password opens, and what a mailbox does not."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from upstander.audit.models import Entry
from upstander.people import keys, sessions
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.people.tests.cast import (
    PASSWORD,
    Cast,
    give_password,
    sign_in,
    with_password,
)
from upstander.vault.models import PersonKey

NEW = "another lantern over water"

pytestmark = pytest.mark.django_db


@pytest.fixture
def tara(cast: Cast) -> Person:
    """Leads the team of Cedar Middle School; has a password and an app."""
    return with_password(cast, "tara")


def viewer_of(client: Client) -> Viewer:
    """Return whom a browser is signed in as."""
    row = sessions.read(client.cookies[sessions.COOKIE].value)
    assert row is not None
    return row.viewer


def reset_by_mail(person: Person, password: str) -> None:
    """Do what somebody does who reads the person's mail."""
    client = Client()
    client.post("/account/password/reset/", {"email": person.email})
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    client.post(
        form.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True
    )


def test_changing_the_password_takes_the_key_along(cast: Cast, tara: Person) -> None:
    client, elsewhere = sign_in(tara), sign_in(tara)
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert viewer_of(client).unlocked
    assert client.get("/people/me/").status_code == 200
    assert elsewhere.get("/people/me/").status_code == 302
    tara.refresh_from_db()
    assert keys.unlock_by_password(tara, NEW) == cast.keys.people[tara.pk]
    assert keys.unlock_by_password(tara, PASSWORD) is None
    assert Entry.objects.filter(action="password changed", actor_id=tara.pk).count() == 1


def test_a_wrong_old_password_changes_nothing(tara: Person) -> None:
    client = sign_in(tara)
    client.post(
        "/account/password/change/",
        {"oldpassword": "not it at all", "password1": NEW, "password2": NEW},
    )
    tara.refresh_from_db()
    assert tara.check_password(PASSWORD)


def test_who_reads_the_mail_gets_no_further_than_the_second_step(tara: Person) -> None:
    at_work = sign_in(tara)
    reset_by_mail(tara, NEW)
    assert at_work.get("/people/me/").status_code == 302, "all devices were signed out"
    thief = Client()
    give_password(thief, tara, NEW)
    assert thief.get("/people/me/").headers["Location"].startswith("/account/login/")
    assert "tara" not in mail.outbox[-1].body.lower().replace(tara.email, "")


def test_an_email_reset_gives_a_login_and_no_key(cast: Cast, tara: Person) -> None:
    reset_by_mail(tara, NEW)
    tara.refresh_from_db()
    client = sign_in(tara, NEW)
    viewer = viewer_of(client)
    assert client.get("/people/me/").status_code == 200
    assert not viewer.unlocked
    with viewing(viewer), pytest.raises(keys.Locked):
        keys.team_private(viewer, cast.teams["cedar"].holder, 1)
    # Not even with the whole database and every key file: nothing opens with the new password.
    assert keys.unlock_by_password(tara, NEW) is None
    # A further change of password brings nothing either.
    client.post(
        "/account/password/change/",
        {"oldpassword": NEW, "password1": PASSWORD + "!", "password2": PASSWORD + "!"},
    )
    assert not viewer_of(client).unlocked


def test_the_printed_code_brings_the_keys_back_and_is_used_up(cast: Cast, tara: Person) -> None:
    code = keys.renew_recovery_code(tara.pk, cast.keys.people[tara.pk])
    reset_by_mail(tara, NEW)
    client = sign_in(tara, NEW)
    shown = client.post("/people/unlock/", {"code": code.lower(), "password": NEW})
    fresh = re.search(r'id="recovery-code">([^<]+)<', shown.content.decode())
    assert fresh is not None
    assert viewer_of(client).private_seed == cast.keys.people[tara.pk]
    tara.refresh_from_db()
    assert keys.unlock_by_password(tara, NEW) == cast.keys.people[tara.pk]
    assert keys.unlock_by_recovery(tara.pk, code) is None
    assert keys.unlock_by_recovery(tara.pk, fresh[1]) == cast.keys.people[tara.pk]


def test_neither_a_wrong_code_nor_a_wrong_password_unlocks(cast: Cast, tara: Person) -> None:
    code = keys.renew_recovery_code(tara.pk, cast.keys.people[tara.pk])
    of_tom = keys.renew_recovery_code(
        with_password(cast, "tom").pk, cast.keys.people[cast.people["tom"].pk]
    )
    reset_by_mail(tara, NEW)
    client = sign_in(tara, NEW)
    client.post("/people/unlock/", {"code": of_tom, "password": NEW})
    client.post("/people/unlock/", {"code": "ABCD-EFGH", "password": NEW})
    client.post("/people/unlock/", {"code": code, "password": PASSWORD})
    assert not viewer_of(client).unlocked
    for _ in range(8):
        client.post("/people/unlock/", {"code": of_tom, "password": NEW})
    assert client.post("/people/unlock/", {"code": code, "password": NEW}).status_code == 429


def test_a_new_recovery_code_ends_the_old_one(cast: Cast, tara: Person) -> None:
    old = keys.renew_recovery_code(tara.pk, cast.keys.people[tara.pk])
    client = sign_in(tara)
    shown = client.post("/people/recovery-code/")
    assert shown.headers["Cache-Control"].count("no-store")
    assert keys.unlock_by_recovery(tara.pk, old) is None


def test_a_person_without_keys_makes_no_new_recovery_code(cast: Cast) -> None:
    client = cast.client("tara", unlocked=False)
    before = bytes(PersonKey.objects.get(pk=cast.people["tara"].pk).by_recovery or b"")
    answer = client.post("/people/recovery-code/")
    assert answer.headers["Location"].startswith("/people/unlock/")
    assert bytes(PersonKey.objects.get(pk=cast.people["tara"].pk).by_recovery or b"") == before


def test_what_i_keep_about_myself_lies_sealed(cast: Cast) -> None:
    client = cast.client("tara")
    client.post(
        "/people/me/", {"name": "Tara Winterbourne", "phone": "555 010 0177", "language": "es"}
    )
    person = Person.objects.get(pk=cast.people["tara"].pk)
    assert (person.name, person.phone, person.language) == (
        "Tara Winterbourne",
        "555 010 0177",
        "es",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM people_person WHERE id = %s", [person.pk])
        row = cursor.fetchone()
    assert row is not None
    assert b"Winterbourne" not in bytes(row[0])
    assert b"0177" not in bytes(row[1])
