"""A pytest plugin: one throw-away PostgreSQL, with the real roles, for a whole test run.

It is loaded before Django's settings are (see `addopts` in pyproject.toml). The server has no
fsync, lies in a temporary folder and dies with pytest, however pytest ends. Each worker of xdist
has one, so that what a server counts for all its databases (transactions, and which of them still
run) is a test's own.

Temporary files of the whole run lie in memory where there is room: tests copy hundreds of
databases of a thousand files each, and on a disk that is most of the time they take.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from upstander.command import prepared_tests as prepared
from upstander.command.postgres import EmbeddedPostgres
from upstander.command.roles import OWNER, STAFF_ROLES, create_roles, database_sql
from upstander.config.database import Role
from upstander.config.home import Home
from upstander.vault.keyring import Keyring

#: Memory as a file system, and what must be free there: a run uses a quarter of it.
_MEMORY, _ROOM = Path("/dev/shm"), 6 * 2**30  # noqa: S108 - a folder of our own is made in it
_server: EmbeddedPostgres | None = None
_in_memory: Path | None = None


def _move_into_memory() -> None:
    """Let this process and those it starts write temporary files to memory, if it has room."""
    global _in_memory  # noqa: PLW0603 - one folder a run, made by the first process of it
    if "TMPDIR" in os.environ:  # chosen by somebody, or by the process that started this one
        return
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        _in_memory = Path(tempfile.mkdtemp(prefix="upstander-tests-", dir=_MEMORY))
        os.environ["TMPDIR"] = tempfile.tempdir = str(_in_memory)


def _keep_bytecode() -> None:
    """Let Python keep what it compiles, even where the shell forbids it (images of containers do).

    Each process of a run would compile 2,000 modules anew: nine seconds, of which six are that.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _start() -> EmbeddedPostgres:
    root = Path(tempfile.mkdtemp(prefix="upstander-test-"))
    os.environ["UPSTANDER_HOME"] = str(root)
    os.environ["UPSTANDER_SECOND_PLACE"] = str(root / "second-place")
    if prepared.copy_to(root):
        server = EmbeddedPostgres(Home(root).ensure(), durable=False)
        server.start()
        return server
    home = Home(root).ensure()
    Keyring(home.keys).ensure()
    (root / "second-place").mkdir(mode=0o700)
    (root / "static").mkdir()  # where `upstander serve` would have collected it
    server = EmbeddedPostgres(home, durable=False)
    server.start()
    create_roles(server.superuser_conninfo(), home)
    with psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
        # Tests make their own databases. Each begins as a copy of template1, so that what `init`
        # does inside a database is there too.
        connection.execute(f"ALTER ROLE {OWNER} CREATEDB".encode())
        # Tests write their cast as the owner and then look through the real roles' eyes.
        connection.execute(
            f"GRANT {', '.join((*STAFF_ROLES, *(r.login for r in Role if r is not Role.OWNER)))}"
            f" TO {OWNER} WITH INHERIT FALSE, SET TRUE".encode()
        )
        # And they cut others' connections.
        connection.execute(f"GRANT pg_signal_backend TO {OWNER}".encode())
    with psycopg.connect(server.superuser_conninfo("template1"), autocommit=True) as connection:
        for statement in database_sql("template1"):
            connection.execute(statement.encode())
    return server


def empty_the_record() -> None:
    """Take what making the cast has sealed out of the database at hand.

    Tests of the record begin with an empty one; those of rows accept the cast as it stands.
    """
    from django.db import connection  # noqa: PLC0415 - settings are not there yet at the top

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_rowseal DISABLE TRIGGER USER")
        cursor.execute("TRUNCATE audit_rowseal")
        cursor.execute("ALTER TABLE audit_rowseal ENABLE TRIGGER USER")


def keep_prepared(cast: bytes) -> None:
    """Keep what has been made so far for the runs to come, if no other process did.

    ``cast`` is what the tests need to know of it. Nobody may be connected: the server stops.
    """
    if _server is None:
        raise RuntimeError("the tests' server has ended")
    (_server.home.root / prepared.CAST).write_bytes(cast)
    with prepared.keeping(_server.home.root) as mine:
        if mine:
            _server.stop()
    if mine:
        _server.start()


@pytest.fixture(autouse=True)
def _own_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    own_pins(monkeypatch)


def own_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's sites have seen is nothing to another's, whose database is another."""
    from django.conf import settings  # noqa: PLC0415 - this plugin is loaded before Django

    from upstander.vault.pins import Pins  # noqa: PLC0415

    own = Pins(settings.HOME.pins / secrets.token_hex(8))
    monkeypatch.setattr(settings, "PINS", own)


def _end() -> None:
    global _server  # noqa: PLW0603 - one server a process, started when the plugin is imported
    if _server is not None:
        _server.stop()
        shutil.rmtree(_server.home.root, ignore_errors=True)
        shutil.rmtree(_server.home.socket, ignore_errors=True)
        _server = None
    if _in_memory is not None:
        shutil.rmtree(_in_memory, ignore_errors=True)


def pytest_unconfigure() -> None:
    """Stop the server and remove everything it wrote."""
    _end()


_keep_bytecode()
os.environ["UPSTANDER_PROCESS"] = "test"
# A browser of the tests keeps its event loop in this thread from the first test on; without
# this Django would take everything after it for async code, and refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
os.environ.pop("DATABASE_URL", None)
# Also where pytest gives up before it is configured (settings that can't be loaded, say).
atexit.register(_end)
_move_into_memory()
_server = _start()
