"""The database as `upstander backup` dumps it and `upstander restore` loads it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

import psycopg

from upstander.command.archives import pieces
from upstander.command.errors import PlainError
from upstander.command.postgres import program
from upstander.command.roles import database_sql
from upstander.config.database import Role, conninfo_for, server_from_env
from upstander.config.home import Home

#: Sessions are not saved: a stolen or restored backup must sign nobody in.
SESSIONS = ("people_staffsession", "people_signinmemory", "django_session", "tips_talk")


def connection_environment(home: Home) -> dict[str, str]:
    """How pg_dump and pg_restore sign in as the owner; no password stands on a command line."""
    server = server_from_env(home)
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        **{names[key]: value for key, value in server.items() if key in names},
        "PGUSER": Role.OWNER.login,
        "PGPASSWORD": (home.passwords / Role.OWNER).read_text(encoding="ascii").strip(),
    }


def _run(home: Home, *arguments: str) -> None:
    done = subprocess.run(
        arguments, env=connection_environment(home), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PlainError(f"{Path(arguments[0]).name} failed: {done.stderr.strip()[-800:]}")


def dump(home: Home, file: Path) -> str:
    """Write the whole database, but for sessions, in one snapshot. Raises PlainError.

    Returns the SHA-256 of what pg_dump gave, in hex: the file may lie where others write.
    """
    without = [f"--exclude-table-data=public.{table}" for table in SESSIONS]
    # Nothing of ours is a large object, and one of another role's would stop the dump. What is
    # taken from PUBLIC in PostgreSQL's own schema, `database_sql` takes anew: an owner who
    # restores may not.
    without += ["--no-large-objects", "--exclude-schema=pg_catalog"]
    command = (program("pg_dump"), "--format=custom", "--no-password", *without)
    digest = hashlib.sha256()
    with file.open("wb") as out, TemporaryFile() as said:
        with subprocess.Popen(
            command, env=connection_environment(home), stdout=subprocess.PIPE, stderr=said
        ) as running:
            for piece in pieces(cast("IO[bytes]", running.stdout)):
                digest.update(piece)
                out.write(piece)
        if running.returncode != 0:
            said.seek(0)
            raise PlainError(f"pg_dump failed: {said.read().decode(errors='replace')[-800:]}")
    return digest.hexdigest()


def load(home: Home, file: Path) -> None:
    """Fill an empty database from a dump. Raises PlainError: it holds tables already."""
    owner = conninfo_for(Role.OWNER, home)
    with psycopg.connect(owner, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'api')"
        ).fetchone()
        if tables != (0,):
            raise PlainError("the database holds tables already; restore into an empty one")
        # The archive brings its own, with everything in it.
        connection.execute("DROP SCHEMA IF EXISTS api CASCADE")
    _run(
        home,
        program("pg_restore"),
        f"--dbname={server_from_env(home)['dbname']}",
        "--no-password",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        str(file),
    )
    with psycopg.connect(owner, autocommit=True) as connection:
        for statement in database_sql(connection.info.dbname):
            connection.execute(statement.encode())
