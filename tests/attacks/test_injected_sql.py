"""SQL slipped into the desk: attacked over the connection that a viewer's transaction runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import ProgrammingError, connection, connections, transaction
from psycopg import errors

from conftest import Cast
from tests.access.test_database_walls import a_tip
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.database import Role, database_for
from upstander.config.home import Home
from upstander.people import sessions
from upstander.people.scope import viewing

SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]
DENIED = errors.InsufficientPrivilege

START = (
    "SELECT api.start_session(hash => sha256('mine'), person => {person}, proof => '\\x00',"
    " seed => NULL, done => true)"
)
#: What the bare role of the desk's connection once could: accounts, keys, others' sessions.
ONCE = (
    "SELECT email, password FROM people_person",
    "UPDATE people_person SET password = 'x'",
    "SELECT * FROM vault_personkey",
    "UPDATE vault_personkey SET by_password = NULL, by_recovery = NULL",
    "SELECT * FROM mfa_authenticator",
    "DELETE FROM mfa_authenticator",
    "SELECT * FROM django_session",
    "SELECT * FROM account_emailaddress",
    "SELECT api.end_sessions_of({person})",
    "SELECT api.finish_session('x', {person})",
    "SELECT * FROM api.staff_session('x')",
    "SELECT * FROM api.live_sessions(ARRAY['\\x00'::bytea], ARRAY['\\x00'::bytea])",
    "INSERT INTO audit_entry DEFAULT VALUES",
    "SELECT query FROM pg_stat_activity",
    "SELECT query_to_xml('SELECT 1', true, true, '')",
    "DO $$ BEGIN PERFORM 1; END $$",
    START,
)


@pytest.fixture
def desk(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """The desk's two entries in DATABASES, in this process."""
    name = connection.settings_dict["NAME"]
    usual = connection.settings_dict.copy()
    for alias, role in (("default", Role.SIGN_IN), ("viewing", Role.STAFF)):
        entry = connections.configure_settings(
            {"default": database_for(role, django_settings.HOME)}
        )
        entry["default"]["NAME"] = name
        entry["default"]["OPTIONS"].pop("pool")
        monkeypatch.setitem(connections.settings, alias, entry["default"])
    monkeypatch.setattr(django_settings, "VIEWING_ALIAS", "viewing")
    connection.close()
    connection.settings_dict.update(connections.settings["default"])
    connection.settings_dict["TEST"] = usual["TEST"]
    yield committed_cast
    connections["viewing"].close()
    connection.close()
    del connections["viewing"]
    connection.settings_dict.clear()
    connection.settings_dict.update(usual)


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_within_a_viewers_transaction_one_is_another_login(desk: Cast) -> None:
    alice = desk.viewer("alice")
    assert asked("SELECT session_user::text") == ("upstander_signin",)
    with viewing(alice):
        assert asked("SELECT session_user::text, current_user::text") == (
            "upstander_staff",
            "upstander_center",
        )
        with pytest.raises(RuntimeError), viewing(alice):
            pass
    assert asked("SELECT session_user::text, current_user::text") == ("upstander_signin",) * 2
    with pytest.raises(ZeroDivisionError), viewing(alice):
        raise ZeroDivisionError
    assert asked("SELECT session_user::text") == ("upstander_signin",)


@pytest.mark.parametrize("back", ["RESET ROLE", "SET ROLE NONE", "RESET ALL"])
def test_whoever_gives_the_role_back_has_no_right_at_all(
    back: str, committed_cast: Cast, real_database: SignIn
) -> None:
    a_tip(committed_cast)
    staff, charlie = real_database(Role.STAFF), committed_cast.viewer("charlie")
    person = committed_cast.people["alice"].pk
    staff.execute("SET ROLE upstander_school")
    staff.execute("SELECT set_config('upstander.token', %s, false)", [charlie.scope])
    staff.execute(back.encode())
    staff.execute("RESET ROLE")
    for statement in ONCE:
        with pytest.raises(DENIED):
            staff.execute(statement.replace("{person}", str(person)).encode())
    for role in ("upstander_signin", "upstander_owner", "upstander_worker", "postgres"):
        with pytest.raises(DENIED):
            staff.execute(f"SET ROLE {role}".encode())
        with pytest.raises(DENIED):
            staff.execute(f"SET SESSION AUTHORIZATION {role}".encode())


def test_the_bare_role_reaches_no_table_and_only_the_clock(real_database: SignIn) -> None:
    staff = real_database(Role.STAFF)
    reached = staff.execute(
        "SELECT oid::regclass::text FROM pg_class"
        " WHERE relnamespace IN ('public'::regnamespace, 'api'::regnamespace)"
        " AND relkind IN ('r', 'p', 'v', 'm', 'S')"
        " AND has_any_column_privilege(oid, 'SELECT, INSERT, UPDATE, REFERENCES')"
    ).fetchall()
    assert reached == []
    callable_ = staff.execute(
        "SELECT oid::regproc::text FROM pg_proc"
        " WHERE pronamespace IN ('public'::regnamespace, 'api'::regnamespace)"
        " AND has_function_privilege(oid, 'EXECUTE')"
    ).fetchall()
    assert callable_ == [("clock_now",)]


@pytest.mark.parametrize(
    "active_role", ["center", "school", "district", "admin", "police", "monitor"]
)
def test_no_taken_on_role_starts_a_session_for_another(
    active_role: str, committed_cast: Cast, real_database: SignIn
) -> None:
    staff = real_database(Role.STAFF)
    staff.execute(f"SET ROLE upstander_{active_role}".encode())
    alice = committed_cast.people["alice"].pk
    with pytest.raises(DENIED):
        staff.execute(START.replace("{person}", str(alice)).encode())


def test_no_token_stands_in_a_statement_for_anybody_to_read(desk: Cast) -> None:
    """Not even for the server's superuser: activity is not kept, and values are not in the text."""
    alice, name = desk.viewer("alice"), connection.settings_dict["NAME"]
    server = EmbeddedPostgres(Home(django_settings.HOME.root)).superuser_conninfo()
    with psycopg.connect(server, dbname=name, autocommit=True) as superuser:

        def told() -> list[str]:
            rows = superuser.execute(
                "SELECT query FROM pg_stat_activity WHERE usename IN"
                " ('upstander_signin', 'upstander_staff') AND datname = %s",
                [name],
            ).fetchall()
            assert rows
            return [query for (query,) in rows]

        with viewing(alice):
            assert not any(told())
        assert sessions.read(alice.token) is not None
        assert not any(told())
        # And if somebody switches that on again:
        for login in ("upstander_signin", "upstander_staff"):
            superuser.execute(
                f"ALTER ROLE {login} IN DATABASE {name} SET track_activities = on".encode()
            )
        connection.close()
        connections["viewing"].close()
        assert sessions.read(alice.token) is not None
        assert any("api.staff_session($1" in query for query in told())
        assert not any(alice.database_token in query for query in told())
        with viewing(alice):
            assert any("upstander.token" in query for query in told())
            assert not any(alice.database_token in query for query in told())


def test_a_value_is_no_statement(desk: Cast) -> None:
    """Values are bound at the server, which takes one statement at a time."""
    with (
        viewing(desk.viewer("charlie")),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="multiple commands"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT %s::text; RESET ROLE", ["x"])


def test_no_role_but_the_owner_nulls_a_key(committed_cast: Cast, real_database: SignIn) -> None:
    signing_in, owner = real_database(Role.SIGN_IN), real_database(Role.OWNER)
    wrapped = {"wrap": b"w" * 60, "person": committed_cast.people["alice"].pk}
    owner.execute(
        "UPDATE vault_personkey SET by_password = %(wrap)s, by_recovery = %(wrap)s"
        " WHERE person_id = %(person)s",
        wrapped,
    )
    for wrap in ("by_password", "by_recovery"):
        for nothing in ("NULL", "''"):
            with pytest.raises(errors.CheckViolation):
                signing_in.execute(f"UPDATE vault_personkey SET {wrap} = {nothing}".encode())
    for statement in (
        "DELETE FROM vault_personkey",
        "UPDATE vault_personkey SET version = 2",
        "UPDATE people_person SET email = 'x@example.org'",
        "UPDATE people_person SET is_active = true",
        "SELECT * FROM tips_tip",
        "SELECT * FROM vault_sealedkey",
        "SELECT * FROM vault_grant",
        "SET ROLE upstander_center",
    ):
        with pytest.raises(DENIED):
            signing_in.execute(statement.encode())
