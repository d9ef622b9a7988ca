"""Which tables' rows the record seals, and the trigger that says how a row stands after a change.

Each app says of every table of its own, in its `seals.py`, that its rows are sealed or why they
are not (`tests/architecture/test_sealed_rows.py`). A sealed table has a trigger that adds the row's
digest to what the record seals, in the transaction of the change; `upstander audit verify` makes
the digests again from the rows. What is counted is every column but those that the declaration
leaves out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from django.apps import AppConfig, apps
from django.db.backends.utils import CursorWrapper
from django.db.models import Model


@dataclass(frozen=True)
class Sealed:
    """A table whose rows are sealed."""

    name: str
    #: Columns that don't count.
    but: frozenset[str] = frozenset()

    @property
    def model(self) -> type[Model]:
        """The table's model. Raises LookupError."""
        return _models()[self.name]

    @property
    def key(self) -> str:
        """The column by which a row is known."""
        return str(self.model._meta.pk.column)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that count, in the model's order. Raises LookupError where none is left."""
        every = tuple(str(one.column) for one in self.model._meta.local_concrete_fields)
        if unknown := self.but - set(every):
            raise LookupError(f"{self.name} has no {', '.join(sorted(unknown))}")
        return tuple(one for one in every if one not in self.but)

    @property
    def function(self) -> tuple[Literal["function"], str]:
        """The key of its trigger's function among all definitions."""
        return "function", f"public.{self.name}_seal"

    @property
    def digest(self) -> str:
        """SQL: the digest of a row `t`. The binary form hangs on no setting of the session."""
        return f"sha256(record_send(ROW({', '.join(f't.{one}' for one in self.columns)})))"

    def statements(self) -> tuple[str, str, str]:
        """Return what makes the function, and the triggers: on rows that come or go, on changes.

        The row is read again, so that what another trigger made of it meanwhile is sealed too.
        Rows are compared by their bytes, in a form that a dump brings back as it was.
        """
        changed = ", ".join(f"{{0}}.{one}" for one in self.columns)
        return (
            f"""CREATE OR REPLACE FUNCTION {self.name}_seal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_seal_row(p_relation => '{self.name}',
        p_key => coalesce(NEW.{self.key}, OLD.{self.key})::text,
        p_digest => (SELECT {self.digest} FROM {self.name} t
            WHERE t.{self.key} = coalesce(NEW.{self.key}, OLD.{self.key})));
    RETURN NULL;
END $$""",  # noqa: S608 - names of our own tables
            f"CREATE TRIGGER {self.name}_seal AFTER INSERT OR DELETE ON {self.name}"
            f" FOR EACH ROW EXECUTE FUNCTION {self.name}_seal()",
            f"CREATE TRIGGER {self.name}_seal_change AFTER UPDATE ON {self.name} FOR EACH ROW"
            f" WHEN (record_image_ne(ROW({changed.format('OLD')}), ROW({changed.format('NEW')})))"
            f" EXECUTE FUNCTION {self.name}_seal()",
        )


@dataclass(frozen=True)
class Unsealed:
    """A table whose rows are not sealed, and why that hides nothing that anybody is held to."""

    name: str
    because: str


type Declared = Sealed | Unsealed


def sealed(name: str, *, but: str = "") -> Sealed:
    """Declare that a table's rows are sealed, whole or but for some columns (spaces between)."""
    return Sealed(name, frozenset(but.split()))


def unsealed(because: str, *names: str) -> tuple[Unsealed, ...]:
    """Declare why the rows of some tables are not."""
    return tuple(Unsealed(name, because) for name in names)


def declared_by(app: AppConfig) -> tuple[Declared, ...]:
    """Return what an app declares of its tables; nothing if it has no `seals.py`."""
    name = f"{app.name}.seals"
    if find_spec(name) is None:
        return ()
    tables: tuple[Declared, ...] = import_module(name).TABLES
    return tables


def sealed_by(app: AppConfig) -> Iterator[tuple[Sealed, Path]]:
    """Give the sealed tables of an app, and the file that says so."""
    path = Path(app.path) / "seals.py"
    for one in declared_by(app):
        if isinstance(one, Sealed):
            yield one, path


def seal_anew(cursor: CursorWrapper, table: Sealed) -> None:
    """Seal all rows of a table as they stand: it is sealed from now on, or by other columns.

    Rows that an update moved elsewhere are sealed as gone. The record says so, and each later
    check of it.
    """
    cursor.execute(
        "WITH last AS (SELECT DISTINCT ON (key) key, digest FROM audit_rowseal"  # noqa: S608
        "    WHERE relation = %s ORDER BY key, id DESC),"
        " done AS MATERIALIZED (SELECT audit_seal_row(p_relation => %s,"
        f"    p_key => coalesce(t.{table.key}::text, last.key),"
        f"    p_digest => CASE WHEN t.{table.key} IS NOT NULL THEN {table.digest} END)"
        f"    FROM {table.name} t FULL JOIN last ON last.key = t.{table.key}::text"
        f"    WHERE t.{table.key} IS NOT NULL OR last.digest <> '')"
        " SELECT count(*) FROM done",
        [table.name, table.name],
    )
    [count] = cursor.fetchone() or (0,)
    if count:
        detail = {"table": table.name, "rows": count, "reason": "update"}
        cursor.execute(
            "SELECT audit_record(p_actor_kind => 'system', p_action => 'rows sealed anew',"
            " p_subject_kind => 'rows', p_subject_id => %s, p_district_id => NULL,"
            " p_matter_id => NULL, p_detail => %s)",
            [table.name[:40], json.dumps(detail)],
        )


@cache
def sealed_tables() -> tuple[Sealed, ...]:
    """Return all sealed tables, those of the lowest layer first."""
    return tuple(table for app in apps.get_app_configs() for table, _ in sealed_by(app))


@cache
def _models() -> dict[str, type[Model]]:
    every: list[Any] = apps.get_models(include_auto_created=True)
    # A proxy has no columns of its own.
    return {str(model._meta.db_table): model for model in every if not model._meta.proxy}
