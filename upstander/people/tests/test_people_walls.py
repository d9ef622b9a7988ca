"""What each database role can do about people, and what lies in the database after all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from upstander.people import keys, sessions
from upstander.people.models import Person
from upstander.people.scope import viewing
from upstander.people.tests.cast import PASSWORD, Cast, digits, give_password, with_password

pytestmark = pytest.mark.django_db


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Take on a database role, as a stolen connection of it would be."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def refused(statement: str, *values: int) -> bool:
    """Tell whether the database refuses a statement for want of a right.

    What lies in a schema that a role may not use is not even there for it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except ProgrammingError as error:
        said = ("permission denied", "row-level security", "does not exist", "nobody agreed")
        return any(told in str(error) for told in said)
    return False


LOOKS = (
    "SELECT * FROM people_membership",
    "SELECT * FROM people_invitation",
    "SELECT * FROM vault_sealedkey",
    "SELECT * FROM people_team",
)
ADMISSION = (
    "SELECT api.accept_invitation(link => 'x', session => '', given => '{}')",
    "SELECT api.invitation('x')",
    "SELECT api.new_person_id()",
    "SELECT api.end_sessions_of(1)",
    "SELECT api.finish_session('x', 1)",
    "SELECT api.start_session(hash => 'x', person => 1, proof => 'x', seed => 'x', done => true)",
)
KEEPING = (
    "SELECT api.lock_out(1, 'x')",
    "SELECT api.reset_second_factor(1)",
    "SELECT api.change_email('00000000-0000-0000-0000-000000000000')",
)
INNER = (
    "SELECT vault_keep_sealed('team:1', '{}')",
    "SELECT people_take_out(1, 1, 'x')",
)


@pytest.mark.parametrize("role", ["upstander_signin", "upstander_staff"])
def test_outside_a_transaction_of_theirs_staff_read_no_team_and_plant_nobody(
    cast: Cast, role: str
) -> None:
    with as_role(role):
        assert all(refused(look) for look in LOOKS)
        assert refused(
            "INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)"
            " VALUES (1, 1, 'team_lead', true)"
        )
        assert refused("INSERT INTO people_person (email) VALUES ('x@example.org')")
        assert all(refused(call) for call in KEEPING + INNER)
        assert refused(
            "SELECT api.renew_team_key(team => 1, version => 2, public => 'x', signature => 'x', "
            "sealed => '[]', leaver => NULL, leaver_mac => NULL)"
        )


@pytest.mark.parametrize(
    "role",
    [
        "upstander_staff",
        "upstander_center",
        "upstander_school",
        "upstander_district",
        "upstander_admin",
    ],
)
def test_no_scoped_role_admits_anybody(cast: Cast, role: str) -> None:
    with as_role(role):
        assert all(refused(call) for call in ADMISSION + INNER)
        if role != "upstander_admin":
            assert all(refused(call) for call in KEEPING)


@pytest.mark.parametrize("role", ["upstander_public", "upstander_worker"])
def test_the_public_site_and_the_worker_have_no_part_in_it(cast: Cast, role: str) -> None:
    with as_role(role):
        assert all(refused(call) for call in ADMISSION + KEEPING + INNER)
        assert refused("SELECT * FROM people_invitation")
        assert refused("SELECT * FROM vault_sealedkey")


def test_an_administrator_role_without_a_session_keeps_nothing(cast: Cast) -> None:
    with as_role("upstander_admin"), connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET is_active = false")
        assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError, match="only another"), transaction.atomic():
            cursor.execute("SELECT api.lock_out(%s, 'x')", [cast.people["tom"].pk])


@pytest.mark.parametrize("name", ["tara", "sam", "dee", "tom", "alice"])
def test_nobody_else_makes_a_member_or_a_person(cast: Cast, name: str) -> None:
    viewer = cast.viewer(name)
    with viewing(viewer):
        assert refused(
            "INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)"
            " VALUES (%s, %s, 'team_lead', true)",
            cast.teams["cedar"].pk,
            cast.people["charlie"].pk,
        )
        assert refused("INSERT INTO people_person (email) VALUES ('x@example.org')")
        assert refused("DELETE FROM people_membership")
        assert refused("UPDATE people_membership SET person_id = %s", viewer.person_id)
        assert refused("UPDATE people_team SET name = 'x'")
        assert refused("DELETE FROM vault_sealedkey")


def test_a_lead_changes_roles_in_their_own_team_only(cast: Cast) -> None:
    with viewing(cast.viewer("tara")), connection.cursor() as cursor:
        cursor.execute("UPDATE people_membership SET reachable_at_night = false")
        assert cursor.rowcount == 3


def whole_database() -> str:
    """Return every value of every table as PostgreSQL would dump it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('SELECT t::text FROM public.%I t', tablename), ' UNION ALL ')"
            " FROM pg_tables WHERE schemaname = 'public'"
        )
        row = cursor.fetchone()
        assert row is not None
        cursor.execute(row[0])
        return "\n".join(line for (line,) in cursor.fetchall())


def test_after_joining_and_signing_in_the_database_holds_no_secret(cast: Cast) -> None:
    """Name, phone, password, spoken words, link, recovery code, TOTP secret, session cookie."""
    lead, team = cast.client("tara"), cast.teams["cedar"].pk
    shown = lead.post(
        f"/people/teams/{team}/invite/",
        {
            "email": "vera@example.org",
            "role": "team_member",
            "language": "en",
            "name": "Vera Winterbourne",
            "phone": "555 010 0188",
        },
    ).content.decode()
    words = re.search(r'id="words">([^<]+)<', shown)
    link = re.search(r"/people/join/([\w-]+)/", str(mail.outbox[-1].body))
    assert words is not None
    assert link is not None
    client = Client()
    joined = client.post(
        f"/people/join/{link[1]}/",
        {
            "words": words[1],
            "name": "Vera Winterbourne",
            "phone": "555 010 0188",
            "language": "en",
            "password1": PASSWORD,
        },
    ).content.decode()
    code = re.search(r'id="recovery-code">([^<]+)<', joined)
    assert code is not None
    vera = Person.objects.get(email="vera@example.org")
    give_password(client, vera)
    client.post(
        "/account/reauthenticate/", {"password": PASSWORD, "next": "/account/2fa/totp/activate/"}
    )
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/account/2fa/totp/activate/", {"code": digits(secret)})
    assert client.get("/people/me/").status_code == 200
    seed = keys.unlock_by_password(vera, PASSWORD)
    assert seed is not None
    dump = whole_database()
    assert "vera@example.org" in dump, "the search finds what is there"
    for told in (
        "Winterbourne",
        "555 010 0188",
        PASSWORD,
        words[1],
        link[1],
        code[1],
        code[1].replace("-", ""),
        secret,
        client.cookies[sessions.COOKIE].value,
    ):
        assert told not in dump
        assert told.encode().hex() not in dump
    assert seed.hex() not in dump
    assert cast.keys.teams[team].hex() not in dump


def test_a_stolen_password_table_does_not_unlock(cast: Cast) -> None:
    """The login hash and the wrapped seed come of one run, and neither opens the other."""
    tara = with_password(cast, "tara")
    assert tara.password not in (PASSWORD, "")
    assert keys.unlock_by_password(tara, tara.password) is None
