"""What PostgreSQL lets everybody do: attacked as the lowest role, with its own password."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import errors
from psycopg.conninfo import make_conninfo

from conftest import Cast
from tests.access.test_database_walls import a_tip
from tests.waiting import PATIENCE
from upstander.command.defaults import left_open
from upstander.command.doctor import check_rights
from upstander.command.dumps import dump
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home

SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]

#: What each of them would have bought: a dump that fails, filing that waits for ever, others'
#: statements, others' connections cut, a second statement inside a first one, a full disk.
REFUSED = (
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, '\\x00')",
    "SELECT pg_advisory_lock(7300115100)",
    "SELECT pg_advisory_xact_lock(7300115100)",
    "SELECT pg_try_advisory_lock(7300115101)",
    "SELECT pg_advisory_lock_shared(1, 2)",
    "SELECT query FROM pg_stat_activity",
    "SELECT pg_stat_get_backend_activity(1)",
    "SELECT * FROM pg_stat_user_tables",
    "SELECT pg_terminate_backend(pg_backend_pid())",
    "SELECT query_to_xml('SELECT 1', true, true, '')",
    "SELECT * FROM ts_stat('SELECT ''a''::tsvector')",
    "SELECT pg_logical_emit_message(false, 'a', 'b')",
    "DO $$ BEGIN PERFORM 1; END $$",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
)


def allowed(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    """Return those of the statements that the connection's role may run."""
    through = []
    for statement in REFUSED:
        try:
            connection.execute(statement.encode())
        except errors.InsufficientPrivilege:
            continue
        through.append(statement)
    return through


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.STAFF])
def test_nothing_that_everybody_may_is_theirs(role: Role, real_database: SignIn) -> None:
    assert allowed(real_database(role)) == []


def test_the_worker_locks_by_number_and_may_do_nothing_else_of_it(real_database: SignIn) -> None:
    through = allowed(real_database(Role.WORKER))
    assert through == [one for one in REFUSED if "advisory" in one]


def _superuser(database: str) -> psycopg.Connection[tuple[Any, ...]]:
    server = EmbeddedPostgres(Home(settings.HOME.root)).superuser_conninfo()
    return psycopg.connect(server, dbname=database, autocommit=True)


def test_a_backup_is_made_whatever_large_objects_there_are(
    real_database: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that the public role made while it could."""
    name = real_database(Role.OWNER).info.dbname
    with _superuser(name) as superuser:
        superuser.execute("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC")
        real_database(Role.PUBLIC).execute("SELECT lo_create(0)")
        monkeypatch.setattr(
            "upstander.command.dumps.server_from_env",
            lambda home: {"host": str(home.socket), "dbname": name},
        )
        dump(settings.HOME, tmp_path / "dump")
        assert (tmp_path / "dump").stat().st_size > 100_000
        assert list(left_open(superuser)) == [
            "any role may call lo_create",
            "there are 1 large objects, which no table of ours has",
        ]


def test_the_doctor_names_what_any_role_may_do(
    real_database: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = real_database(Role.OWNER).info.dbname
    conninfo = make_conninfo(conninfo_for(Role.OWNER, settings.HOME), dbname=name)
    monkeypatch.setattr("upstander.command.doctor.conninfo_for", lambda *_: conninfo)

    def says() -> tuple[str, bool]:
        [found] = [one for one in check_rights(settings.HOME) if one.what.startswith("what any")]
        return found.says, bool(found.mend)

    assert says() == ("nothing that PostgreSQL allows everybody and none of ours needs", False)
    with _superuser(name) as superuser:
        superuser.execute("GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC")
        superuser.execute("GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC")
    assert says() == ("any role may call pg_advisory_lock; any role may run DO", True)


def test_a_flood_of_hints_keeps_nobody_from_filing(
    committed_cast: Cast, real_database: SignIn
) -> None:
    """NOTIFY is nobody's to take away: the queue takes it, and hints are no more than hints."""
    public, heard = real_database(Role.PUBLIC), real_database(Role.WORKER)
    heard.execute("LISTEN due")
    for _ in range(20):
        public.execute("SELECT count(pg_notify('due', g::text)) FROM generate_series(1, 5000) g")
    used = heard.execute("SELECT pg_notification_queue_usage()").fetchone()
    assert used is not None
    assert used[0] < 0.01
    # One at a time, the worker takes up what was told: as often as it sweeps, not as often as told.
    assert len(list(heard.notifies(timeout=PATIENCE, stop_after=1))) >= 1
    assert not a_tip(committed_cast).repeat


def test_all_connections_taken_leave_some_for_the_others(real_database: SignIn) -> None:
    public = Role.PUBLIC
    taken = 0
    with suppress(psycopg.OperationalError):
        while True:
            real_database(public)
            taken += 1
    assert 30 < taken < 60
    for role in (Role.OWNER, Role.STAFF, Role.WORKER):
        assert real_database(role).execute("SELECT 1").fetchone() == (1,)
