"""Brings a database to this release: tables by migrations, the rest by what its texts say now."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ProgrammingError
from psycopg import errors
from psycopg.sql import SQL, Identifier

from upstander.schema.rows import EVERYBODY
from upstander.schema.sealed_rows import seal_anew, sealed_tables
from upstander.schema.texts import Definition, definitions

#: Nobody who works now waits longer than this for a table that an update holds.
LOCK_TIMEOUT = "15s"
#: One update at a time ("updt").
_LOCK = 0x75706474
_DROP_TRIGGER = SQL("DROP TRIGGER IF EXISTS {} ON {}")
_TABLE = """
    CREATE TABLE IF NOT EXISTS api.definition (
        kind text NOT NULL, name text NOT NULL, digest text NOT NULL, PRIMARY KEY (kind, name))
"""


def pending() -> list[str]:
    """Tell what `migrate` would do. Django must be set up; nothing is changed.

    Returns `<app>.<migration>` of migrations that were not applied, and `<kind> <name>` of
    functions, triggers, policies and grants whose text is another one now.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    with connection.cursor() as cursor:
        known = _known(cursor)
    wanted = {key: one.digest for key, one in definitions().items()}
    keys = sorted(k for k in wanted.keys() | known.keys() if wanted.get(k) != known.get(k))
    return [
        *(f"{migration.app_label}.{migration.name}" for migration, _ in plan),
        *(" ".join(key) for key in keys),
    ]


def migrate(*, anew: bool = False) -> None:
    """Apply migrations and whatever texts have changed, all of it or nothing, as the owner.

    First go the policies and triggers that changed, since a migration may change what they name;
    then migrations run; then what changed or is missing is made in the layers' order, and what no
    text defines any more is dropped. A changed function keeps what depends on it, unless its
    arguments or its result changed: then these go with it and are made anew.

    Tables that are sealed from now on, or by other columns, are sealed as they stand.

    With `anew`, whatever stands counts as changed: functions, triggers, policies and our roles'
    rights that somebody altered by hand are as they were shipped again, and those they added are
    gone. Views, rules, tables, foreign roles' rights are left to whoever looks: `differences`
    goes on naming them.

    Raises the database's error, with nothing changed: also when a lock is not to be had in time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # A function may name one that is made after it. `compare` and the tests look at the whole.
        cursor.execute("SET LOCAL check_function_bodies = off")
        cursor.execute(_TABLE)
        wanted = definitions()
        before = _known(cursor)
        known = dict.fromkeys(_standing(cursor), "") if anew else before
        for key in known:
            if key not in wanted or wanted[key].digest != known[key]:
                _drop_dependent(cursor, key)
        call_command("migrate", interactive=False, verbosity=0)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _make(cursor, wanted, known)
        for kind, name in known.keys() - wanted.keys():
            if kind == "function":
                _drop_functions(cursor, name)
        for table in sealed_tables():
            key = table.function
            if before.get(key) != wanted[key].digest:
                seal_anew(cursor, table)
        cursor.execute("DELETE FROM api.definition")
        cursor.executemany(
            "INSERT INTO api.definition (kind, name, digest) VALUES (%s, %s, %s)",
            [(*key, one.digest) for key, one in wanted.items()],
        )


def _known(cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    """Return the digests of what was made last, none where nothing ever was."""
    cursor.execute("SELECT to_regclass('api.definition') IS NOT NULL")
    row = cursor.fetchone()
    if not (row and row[0]):
        return {}
    cursor.execute("SELECT kind, name, digest FROM api.definition")
    return {(kind, name): digest for kind, name, digest in cursor.fetchall()}


def _make(
    cursor: CursorWrapper,
    wanted: dict[tuple[str, str], Definition],
    known: dict[tuple[str, str], str],
) -> None:
    for kind in ("function", "trigger", "grants", "policy"):
        # Asked again for each kind: functions that went took triggers and policies with them.
        standing = _standing(cursor)
        for key, one in wanted.items():
            if one.kind == kind and (known.get(key) != one.digest or key not in standing):
                _make_one(cursor, one)


def _make_one(cursor: CursorWrapper, one: Definition) -> None:
    first, *others = one.statements
    match one.kind:
        case "function":
            _make_function(cursor, one.name, first)
        case "grants":
            _take_sequences_back(cursor, one.name)
            cursor.execute(first)
        case "trigger" | "policy":
            _drop_dependent(cursor, one.key)
            cursor.execute(first)
    for statement in others:
        cursor.execute(statement)


def _make_function(cursor: CursorWrapper, name: str, statement: str) -> None:
    before = _functions(cursor, name)
    if len(before) > 1:  # somebody added one of the same name and other arguments
        _drop_functions(cursor, name)
        before = []
    try:
        with transaction.atomic():
            cursor.execute(statement)
    except ProgrammingError as error:
        # Another result, or other names of the arguments: such a function can't be replaced.
        if not isinstance(error.__cause__, errors.InvalidFunctionDefinition):
            raise
        _drop_functions(cursor, name)
        cursor.execute(statement)
    else:
        now = _functions(cursor, name)
        if before and len(now) > len(before):  # other arguments: the old one is still there
            for oid in before:
                _drop_function(cursor, oid)
    [oid] = _functions(cursor, name)
    cursor.execute("SELECT %s::oid::regprocedure::text", [oid])
    [signature] = cursor.fetchone() or [""]
    cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC, {', '.join(EVERYBODY)}")


def _functions(cursor: CursorWrapper, name: str) -> list[int]:
    schema, bare = name.split(".", 1)
    cursor.execute(
        "SELECT oid::bigint FROM pg_proc WHERE proname = %s AND pronamespace = %s::regnamespace",
        [bare, schema],
    )
    return [oid for (oid,) in cursor.fetchall()]


def _drop_functions(cursor: CursorWrapper, name: str) -> None:
    for oid in _functions(cursor, name):
        _drop_function(cursor, oid)


def _drop_function(cursor: CursorWrapper, oid: int) -> None:
    cursor.execute("SELECT %s::oid::regprocedure::text", [oid])
    [signature] = cursor.fetchone() or [""]
    cursor.execute(f"DROP ROUTINE {signature} CASCADE")


def _drop_dependent(cursor: CursorWrapper, key: tuple[str, str]) -> None:
    """Drop a policy or a trigger, if it is there."""
    kind, name = key
    if kind not in ("policy", "trigger"):
        return
    table, bare = name.split(".", 1)
    drop = SQL("DROP POLICY IF EXISTS {} ON {}") if kind == "policy" else _DROP_TRIGGER
    cursor.execute(drop.format(Identifier(bare), Identifier(table)))


def _take_sequences_back(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(
        "SELECT s.oid::regclass::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid"
        " WHERE s.relkind = 'S' AND d.refobjid = %s::regclass AND d.deptype IN ('a', 'i')",
        [table],
    )
    for (sequence,) in cursor.fetchall():
        cursor.execute(f"REVOKE ALL ON SEQUENCE {sequence} FROM PUBLIC, {', '.join(EVERYBODY)}")


def _standing(cursor: CursorWrapper) -> set[tuple[str, str]]:
    """Return what is there at all, whatever it says. Grants are made where their digest differs."""
    cursor.execute(
        """
        SELECT 'function', n.nspname || '.' || p.proname
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname IN ('public', 'api')
        UNION ALL
        SELECT 'trigger', c.relname || '.' || t.tgname
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'policy', c.relname || '.' || p.polname
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'grants', c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        """
    )
    return {(kind, name) for kind, name in cursor.fetchall()}
