"""Database roles: who may sign in, and what each may do before any table exists.

Rights on single tables are granted by the migrations that create them. Roles are cluster-wide and
need a superuser (or CREATEROLE), which migrations must not have; so `init` makes them, or prints
the SQL for whoever runs a managed server. Running it again changes nothing but the passwords.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets

import psycopg

from upstander.command.defaults import attempt, closing_sql
from upstander.command.postgres import write_secret
from upstander.config.database import DATABASE, Role
from upstander.config.home import Home

OWNER = Role.OWNER.login
#: What staff are inside a transaction: `viewing()` takes on one; each has its own policies.
STAFF_ROLES = (
    "upstander_center",
    "upstander_school",
    "upstander_district",
    "upstander_admin",
    "upstander_police",
    "upstander_monitor",
    "upstander_former",
)

#: Per-role settings. They belong to the role, not to our connections, so that they also bind
#: whoever signs in with a stolen password, and work through a connection pooler.
SETTINGS: dict[str, dict[str, str]] = {
    OWNER: {"search_path": "public, api, pg_temp", "lock_timeout": "'15s'"},
    Role.PUBLIC.login: {
        "search_path": "api, pg_temp",
        "statement_timeout": "'5s'",
        "lock_timeout": "'2s'",
        "idle_in_transaction_session_timeout": "'10s'",
    },
    Role.SIGN_IN.login: {
        "search_path": "public, api, pg_temp",
        "statement_timeout": "'15s'",
        "lock_timeout": "'5s'",
        "idle_in_transaction_session_timeout": "'30s'",
    },
    Role.STAFF.login: {
        "search_path": "public, api, pg_temp",
        "statement_timeout": "'15s'",
        "lock_timeout": "'5s'",
        "idle_in_transaction_session_timeout": "'30s'",
    },
    Role.WORKER.login: {
        "search_path": "public, api, pg_temp",
        "statement_timeout": "'60s'",
        "lock_timeout": "'5s'",
        "idle_in_transaction_session_timeout": "'60s'",
    },
}
SCRAM_ROUNDS = 4096


def scram_verifier(password: str, *, salt: bytes | None = None) -> str:
    """What PostgreSQL stores of a password (RFC 5802, RFC 7677), for CREATE ROLE … PASSWORD.

    Computed here, so that no password in clear passes through SQL, a log or a printed script.
    `password` must be ASCII (ours are), since SASLprep is not applied.
    """
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, SCRAM_ROUNDS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored = base64.b64encode(hashlib.sha256(client_key).digest()).decode()
    server = base64.b64encode(hmac.digest(salted, b"Server Key", "sha256")).decode()
    return f"SCRAM-SHA-256${SCRAM_ROUNDS}:{base64.b64encode(salt).decode()}${stored}:{server}"


def ensure_passwords(home: Home) -> None:
    """Make the password files that are missing."""
    home.ensure()
    for role in Role:
        if not (home.passwords / role.value).exists():
            write_secret(home.passwords / role.value, secrets.token_urlsafe(32))


#: None of our roles may do more than its grants say. Only told at creation: an administrator of a
#: managed server is no superuser and may not even repeat these to ALTER ROLE.
NOTHING = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def _create(name: str, options: str) -> str:
    """Create or alter a role. Names and options are our own constants and verifiers."""
    return (
        f"DO $do$ BEGIN CREATE ROLE {name} {NOTHING}; "
        "EXCEPTION WHEN duplicate_object THEN NULL; END $do$;\n"
        f"ALTER ROLE {name} {options};"
    )


def cluster_sql(home: Home) -> list[str]:
    """Statements for the whole server: roles, memberships, settings. Idempotent."""
    statements = [_create(name, "NOLOGIN") for name in STAFF_ROLES]
    for role in Role:
        verifier = scram_verifier((home.passwords / role.value).read_text("ascii").strip())
        # NOINHERIT: a staff connection has no rights at all until it takes on a scoped role.
        inherit = "NOINHERIT" if role is Role.STAFF else "INHERIT"
        statements.append(_create(role.login, f"LOGIN {inherit} PASSWORD '{verifier}'"))
    statements.append(
        f"GRANT {', '.join(STAFF_ROLES)} TO {Role.STAFF.login} WITH INHERIT FALSE, SET TRUE;"
    )
    # So that none of ours finds all connections taken by the public site's role.
    others = ", ".join(role.login for role in Role if role is not Role.PUBLIC)
    statements.append(
        attempt(f"GRANT pg_use_reserved_connections TO {others} WITH INHERIT TRUE, SET FALSE;")
    )
    # No statement of theirs stands anywhere while it runs. A superuser's to say.
    statements.append(
        attempt(" ".join(f"ALTER ROLE {role.login} SET track_activities = off;" for role in Role))
    )
    for name, settings in SETTINGS.items():
        statements += [f"ALTER ROLE {name} SET {key} = {value};" for key, value in settings.items()]
    return statements


def database_sql(database: str) -> list[str]:
    """Statements run inside `database`, once it exists: who may connect, and the schemas."""
    logins = ", ".join(role.login for role in Role)
    desk = (Role.SIGN_IN.login, Role.STAFF.login)
    readers = ", ".join((*desk, Role.WORKER.login, *STAFF_ROLES))
    return [
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC;',
        f'GRANT CONNECT ON DATABASE "{database}" TO {logins};',
        f'GRANT CREATE, TEMPORARY ON DATABASE "{database}" TO {OWNER};',
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER};",
        f"GRANT USAGE ON SCHEMA public TO {readers};",
        f"CREATE SCHEMA IF NOT EXISTS api AUTHORIZATION {OWNER};",
        "REVOKE ALL ON SCHEMA api FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA api TO {Role.PUBLIC.login}, {readers};",
        # A function is everybody's to call unless that is taken away before it is made.
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;",
        *closing_sql(),
    ]


def create_roles(superuser: str, home: Home, *, database: str = DATABASE) -> None:
    """Create roles, database and schemas over a superuser's libpq connection string."""
    ensure_passwords(home)
    with psycopg.connect(superuser, autocommit=True) as connection:
        for statement in cluster_sql(home):
            connection.execute(statement.encode())
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if exists.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{database}" OWNER {OWNER}'.encode())
    with psycopg.connect(superuser, dbname=database, autocommit=True) as connection:
        for statement in database_sql(database):
            connection.execute(statement.encode())


def printable_sql(home: Home, *, database: str = DATABASE) -> str:
    """The same as a psql script for the administrator of a managed server. Holds no password."""
    ensure_passwords(home)
    return "\n".join(
        [
            "-- Upstander: roles, database and schemas. Run with psql as an administrator.",
            "-- It holds SCRAM verifiers, no passwords. Running it again is harmless.",
            *cluster_sql(home),
            # On a managed server the administrator is no superuser, and must be a member of the
            # owner to give it a database.
            f"GRANT {OWNER} TO CURRENT_USER;",
            f"SELECT 'CREATE DATABASE \"{database}\" OWNER {OWNER}'",
            f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec",
            f'\\connect "{database}"',
            *database_sql(database),
            "",
        ]
    )
