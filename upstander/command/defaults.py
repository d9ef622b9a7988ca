"""What PostgreSQL lets everybody do in a new database, and of which nothing of ours has need.

Each is taken from PUBLIC and given to just the roles that use it. It takes a superuser: on a
managed server its administrator is none, and what stays open there is named by `upstander doctor`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from upstander.config.database import Role

_OWNER, _WORKER = Role.OWNER.login, Role.WORKER.login

#: PostgreSQL's own functions by name (regular expressions) → who keeps them.
CLOSED: Mapping[str, tuple[str, ...]] = {
    # Large objects belong to no table and no policy. One of another role's stops a dump.
    "lo_.*|loread|lowrite": (),
    # Locks by number: whoever may take them can hold up each tip (vault_shredkey_of_open_file).
    # Our functions take them as the owner.
    "pg_(try_)?advisory_.*": (_OWNER, _WORKER),
    # What others' connections are doing, and ending them.
    "pg_stat_get_.*": (_OWNER,),
    "pg_(cancel|terminate)_backend": (_OWNER,),
    # A text as a query of its own: what an injected expression needs to become a statement.
    "(cursor|query|table|schema|database)_to_xml.*|ts_stat|ts_rewrite": (),
    # Writes to the log of changes, as much as one likes.
    "pg_logical_emit_message": (),
}
#: DO runs any number of statements in one, and needs the language.
_LANGUAGE = "plpgsql"


def closing_sql() -> list[str]:
    """Statements that close what stands open in the database that they run in. Idempotent."""
    return [
        *(_closing_functions(pattern, roles) for pattern, roles in CLOSED.items()),
        attempt(
            f"REVOKE USAGE ON LANGUAGE {_LANGUAGE} FROM PUBLIC; "
            f"GRANT USAGE ON LANGUAGE {_LANGUAGE} TO {_OWNER};"
        ),
    ]


def _closing_functions(pattern: str, roles: tuple[str, ...]) -> str:
    given = f"EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {', '.join(roles)}', f);"
    return attempt(
        f"names := '^({pattern})$'; FOR f IN {_NAMED} LOOP "
        f"EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); "
        f"{given if roles else ''} END LOOP;"
    )


_NAMED = (
    "SELECT oid::regprocedure FROM pg_proc"
    " WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ names"
)


def attempt(body: str) -> str:
    """Run it, or leave all as it is where whoever runs it may not."""
    return (
        f"DO $do$ DECLARE f regprocedure; names text; BEGIN {body} "
        "EXCEPTION WHEN insufficient_privilege THEN RAISE NOTICE '%', SQLERRM; END $do$;"
    )


def left_open(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Yield what any role may still do of this in the connection's database, in plain words."""
    for pattern in CLOSED:
        names = connection.execute(
            "SELECT DISTINCT proname FROM pg_proc, aclexplode(coalesce(proacl,"
            " acldefault('f', proowner))) WHERE pronamespace = 'pg_catalog'::regnamespace"
            " AND proname ~ %s AND grantee = 0 ORDER BY 1",
            [f"^({pattern})$"],
        ).fetchall()
        if names:
            more = f" and {len(names) - 1} like it" if len(names) > 1 else ""
            yield f"any role may call {names[0][0]}{more}"
    rows = connection.execute(
        "SELECT 1 FROM pg_language, aclexplode(coalesce(lanacl, acldefault('l', lanowner)))"
        " WHERE lanname = %s AND grantee = 0",
        [_LANGUAGE],
    ).fetchall()
    if rows:
        yield "any role may run DO"
    [(count,)] = connection.execute("SELECT count(*) FROM pg_largeobject_metadata").fetchall()
    if count:
        yield f"there are {count} large objects, which no table of ours has"
