"""A pytest plugin: one throw-away PostgreSQL, with the real roles, for a whole test run.

It is loaded before Django's settings are (see `addopts` in pyproject.toml). The server has no
fsync, lies in a temporary folder and dies with pytest, however pytest ends. Each worker of xdist
has one, so that what a server counts for all its databases (transactions, and which of them still
run) is a test's own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg

from upstander.command.postgres import EmbeddedPostgres
from upstander.command.roles import OWNER, STAFF_ROLES, create_roles, database_sql
from upstander.config.database import Role
from upstander.config.home import Home
from upstander.vault.keyring import Keyring

_server: EmbeddedPostgres | None = None


def _start() -> EmbeddedPostgres:
    root = Path(tempfile.mkdtemp(prefix="upstander-test-"))
    home = Home(root).ensure()
    Keyring(home.keys).ensure()
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
    with psycopg.connect(server.superuser_conninfo("template1"), autocommit=True) as connection:
        for statement in database_sql("template1"):
            connection.execute(statement.encode())
    os.environ["UPSTANDER_HOME"] = str(root)
    return server


def _end() -> None:
    global _server  # noqa: PLW0603 - one server a process, started when the plugin is imported
    if _server is not None:
        _server.stop()
        shutil.rmtree(_server.home.root, ignore_errors=True)
        shutil.rmtree(_server.home.socket, ignore_errors=True)
        _server = None


def pytest_unconfigure() -> None:
    """Stop the server and remove everything it wrote."""
    _end()


os.environ["UPSTANDER_PROCESS"] = "test"
# A browser of the tests keeps its event loop in this thread from the first test on; without
# this Django would take everything after it for async code, and refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
os.environ.pop("DATABASE_URL", None)
# Also where pytest gives up before it is configured (settings that can't be loaded, say).
atexit.register(_end)
_server = _start()
