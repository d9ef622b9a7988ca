"""How each process reaches the database: one role, one password file, never more rights."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from psycopg.conninfo import make_conninfo

from upstander.config import environment
from upstander.config.home import Home

DATABASE = "upstander"
PORT = 5432


class Role(StrEnum):
    """The database roles that processes sign in as (the rights are in `command/roles.py`)."""

    OWNER = "owner"
    PUBLIC = "public"
    #: The desk outside of `viewing()`: who is signing in, and whose session a cookie is.
    SIGN_IN = "signin"
    #: The desk within it: nothing, but to take on the role of who is looking.
    STAFF = "staff"
    WORKER = "worker"

    @property
    def login(self) -> str:
        """The role's name in PostgreSQL."""
        return f"upstander_{self.value}"


class WrongDatabaseUrl(ValueError):
    """DATABASE_URL cannot be used as it is; the message says why."""


def server_from_env(home: Home) -> dict[str, str]:
    """Where the database is, as libpq parameters without user and password.

    The embedded server's unix socket, or what DATABASE_URL names
    (`postgresql://host:port/name?sslmode=verify-full`). Raises WrongDatabaseUrl.
    """
    url = environment.given("DATABASE_URL")
    if not url:
        return {"host": str(home.socket), "port": str(PORT), "dbname": DATABASE}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise WrongDatabaseUrl("DATABASE_URL must begin with postgresql://")
    if parts.username or parts.password:
        # One URL is shared by all processes. A user in it would be the same for all of them, and
        # then a fault in the public site has the rights of the strongest.
        raise WrongDatabaseUrl(
            "DATABASE_URL must name no user or password: each process signs in as its own role, "
            "with the password in the data folder's passwords/"
        )
    server = {
        "host": unquote(parts.hostname or "localhost"),
        "port": str(parts.port or PORT),
        "dbname": unquote(parts.path.lstrip("/")) or DATABASE,
    }
    server.update(parse_qsl(parts.query))
    return server


def password_of(role: Role, home: Home) -> str:
    """The role's password. Raises FileNotFoundError before `upstander init`."""
    return (home.passwords / role.value).read_text(encoding="ascii").strip()


def conninfo_for(role: Role, home: Home) -> str:
    """A libpq connection string for psycopg, signed in as `role`."""
    return make_conninfo(
        **server_from_env(home),
        user=role.login,
        password=password_of(role, home),
        application_name=f"upstander {role.value}",
    )


#: Connections a process may hold. Public and desk have more threads than the database should have
#: connections: without a pool 200 threads exhaust them. While the database is away a pool waits
#: twice as long after each failed try, up to ``reconnect_timeout`` seconds; then it begins anew. At
#: its default, minutes, a site would say "not now" for minutes after the database is back.
POOLS: dict[Role, dict[str, Any]] = {
    Role.PUBLIC: {
        "min_size": 2,
        "max_size": 9,
        "timeout": 2,
        "max_idle": 300,
        "reconnect_timeout": 4,
    },
    # A request holds one of either at a time (people/scope.py).
    Role.SIGN_IN: {
        "min_size": 1,
        "max_size": 6,
        "timeout": 5,
        "max_idle": 300,
        "reconnect_timeout": 4,
    },
    Role.STAFF: {
        "min_size": 2,
        "max_size": 12,
        "timeout": 5,
        "max_idle": 300,
        "reconnect_timeout": 4,
    },
}


def database_for(role: Role, home: Home) -> dict[str, Any]:
    """A Django DATABASES entry for `role`.

    The password is empty while its file does not exist, so that settings can be loaded (by a type
    checker, or by `init` itself) before there is a system; connecting then fails.
    """
    server = server_from_env(home)
    host, port, name = server.pop("host"), server.pop("port"), server.pop("dbname")
    try:
        password = password_of(role, home)
    except FileNotFoundError:
        password = ""
    options: dict[str, Any] = {
        **server,
        "application_name": f"upstander {role.value}",
        # Values go beside the statement, not in its text: none (a session's token) stands where the
        # server shows or logs statements, and a value that ends one can't begin another.
        "server_side_binding": True,
    }
    pool = POOLS.get(role)
    if pool:
        options["pool"] = dict(pool)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "HOST": host,
        "PORT": port,
        "USER": role.login,
        "PASSWORD": password,
        # A pool keeps the connections itself. Without one (worker, command) one is kept for good.
        "CONN_MAX_AGE": 0 if pool else None,
        # The public process doesn't ask "are you alive?" before each tip: filing is idempotent and
        # is retried once on a dead connection, which costs nothing while all is well.
        "CONN_HEALTH_CHECKS": role is not Role.PUBLIC,
        "OPTIONS": options,
    }
