"""Roles: what each login may do before any migration has granted it anything."""

from __future__ import annotations

import base64
import hmac
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from upstander.command.postgres import EmbeddedPostgres, program
from upstander.command.roles import STAFF_ROLES, create_roles, printable_sql, scram_verifier
from upstander.config.database import (
    Role,
    WrongDatabaseUrl,
    conninfo_for,
    database_for,
    password_of,
    server_from_env,
)
from upstander.config.home import Home

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    home = Home(tmp_path_factory.mktemp("roles")).ensure()
    with EmbeddedPostgres(home, durable=False) as server:
        create_roles(server.superuser_conninfo(), home)
        yield server
    if home.socket != home.run:
        shutil.rmtree(home.socket, ignore_errors=True)


def signed_in(server: EmbeddedPostgres, role: Role) -> psycopg.Connection:
    return psycopg.connect(conninfo_for(role, server.home), autocommit=True)


def test_each_role_signs_in_with_its_own_password_only(server: EmbeddedPostgres) -> None:
    for role in Role:
        with signed_in(server, role) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role.login,)
        for other in set(Role) - {role}:
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(
                    conninfo_for(role, server.home), password=password_of(other, server.home)
                )


def test_no_role_has_power_over_the_server(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_conninfo()) as connection:
        rows = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'upstander%'"
            " AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)"
        ).fetchall()
    assert rows == []


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.STAFF, Role.WORKER])
def test_only_the_owner_makes_tables(server: EmbeddedPostgres, role: Role) -> None:
    with signed_in(server, role) as connection:
        for statement in (
            "CREATE TABLE public.mine (id int)",
            "CREATE TABLE api.mine (id int)",
            "CREATE TEMPORARY TABLE mine (id int)",
            "CREATE SCHEMA mine",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_new_table_and_a_new_function_are_nobodys(server: EmbeddedPostgres) -> None:
    with signed_in(server, Role.OWNER) as owner:
        owner.execute("CREATE TABLE public.fresh (id int)")
        owner.execute("CREATE FUNCTION api.fresh() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    for role in (Role.PUBLIC, Role.STAFF, Role.WORKER):
        with signed_in(server, role) as connection:
            for statement in ("SELECT * FROM public.fresh", "SELECT api.fresh()"):
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement)


def test_staff_take_on_their_four_roles_and_no_other(server: EmbeddedPostgres) -> None:
    with signed_in(server, Role.STAFF) as connection:
        for name in STAFF_ROLES:
            connection.execute(f"SET ROLE {name}".encode())
            connection.execute("RESET ROLE")
        for name in ("postgres", Role.OWNER.login, Role.WORKER.login):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"SET ROLE {name}".encode())
    with signed_in(server, Role.PUBLIC) as connection:
        for name in (*STAFF_ROLES, "postgres", *(role.login for role in set(Role) - {Role.PUBLIC})):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"SET ROLE {name}".encode())


def test_making_the_roles_again_changes_nothing(server: EmbeddedPostgres) -> None:
    create_roles(server.superuser_conninfo(), server.home)
    test_each_role_signs_in_with_its_own_password_only(server)


def test_the_verifier_is_the_one_of_the_standard() -> None:
    # RFC 7677, section 3: the exchange printed there, with its salt and password "pencil".
    salt = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    exchange = (
        f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s={base64.b64encode(salt).decode()},i=4096,"
        f"c=biws,r={nonce}"
    )
    keys = scram_verifier("pencil", salt=salt).split("$")[2]
    server_key = base64.b64decode(keys.split(":")[1])
    signature = base64.b64encode(hmac.digest(server_key, exchange.encode(), "sha256"))
    assert signature == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_an_administrator_without_superuser_can_run_the_printed_sql(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    managed = Home(tmp_path / "managed").ensure()
    with psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
        connection.execute("CREATE ROLE cloud_admin LOGIN CREATEDB CREATEROLE PASSWORD 'x'")
        # As on a fresh managed server: no role of ours is there.
        names = ", ".join((*STAFF_ROLES, *(role.login for role in Role)))
        connection.execute("DROP DATABASE upstander WITH (FORCE)")
        connection.execute(f"DROP ROLE {names}".encode())
    script = printable_sql(managed, database="elsewhere")
    for role in Role:
        assert password_of(role, managed) not in script
    for _ in range(2):
        done = subprocess.run(
            [program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-d", "postgres"],
            input=script,
            text=True,
            capture_output=True,
            check=False,
            env={"PGHOST": str(server.home.socket), "PGUSER": "cloud_admin", "PGPASSWORD": "x"},
        )
        assert done.returncode == 0, done.stderr
    with psycopg.connect(
        host=str(server.home.socket),
        dbname="elsewhere",
        user=Role.OWNER.login,
        password=password_of(Role.OWNER, managed),
    ) as connection:
        connection.execute("CREATE TABLE public.ours (id int)")


def test_a_managed_server_is_named_by_url_without_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org:6000/tips?sslmode=require")
    assert server_from_env(home) == {
        "host": "db.example.org",
        "port": "6000",
        "dbname": "tips",
        "sslmode": "require",
    }
    entry = database_for(Role.PUBLIC, home)
    assert (entry["NAME"], entry["USER"]) == ("tips", "upstander_public")
    assert entry["OPTIONS"]["sslmode"] == "require"
    for wrong in ("postgresql://me:secret@db.example.org/tips", "mysql://db.example.org/tips"):
        monkeypatch.setenv("DATABASE_URL", wrong)
        with pytest.raises(WrongDatabaseUrl):
            server_from_env(home)
