"""The texts of functions, triggers, policies and grants: read from the apps, in the layers' order.

Each app keeps its own, and each name has one definition:

    <app>/sql/functions/<name>.sql   one function (`api.` before its name if it is in that
                                     schema): comment, text, and who may call it
    <app>/sql/triggers/<table>.sql   the app's triggers on one table
    <app>/row_policies.py                who may see and write which rows
    <app>/seals.py                       whose rows the record seals (`sealed_rows`)

Migrations hold tables, constraints, indexes and first rows, and nothing of these: a text here is
changed where it stands, and `upstander migrate` puts what has changed in force.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from django.apps import AppConfig, apps

from upstander.schema.rows import Table
from upstander.schema.sealed_rows import sealed_by

type Kind = Literal["function", "trigger", "policy", "grants"]


class TwoTexts(Exception):
    """A name is defined twice."""


@dataclass(frozen=True)
class Definition:
    """One thing in the database, and the statements that make it."""

    kind: Kind
    #: A function's with its schema; `<table>.<name>` of triggers and policies; a table for grants.
    name: str
    app: str
    statements: tuple[str, ...]
    #: Where the text stands, for messages.
    path: Path

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by."""
        return self.kind, self.name

    @property
    def digest(self) -> str:
        """SHA-256 of the statements, in hex."""
        return hashlib.sha256("\0".join(self.statements).encode()).hexdigest()


#: Comments, and what a semicolon inside of doesn't end a statement.
_TOKENS = re.compile(
    r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|(?P<tag>\$\w*\$).*?(?P=tag)|(?P<end>;)", re.DOTALL
)
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION ([a-z_.0-9]+)\s*\(")
_TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)\s.*?\sON (\w+)", re.DOTALL)


def statements_of(text: str) -> list[str]:
    """Split SQL into its statements, without what stands around them (comments above, too)."""
    found, start = [], 0
    for token in _TOKENS.finditer(text):
        if token["end"]:
            found.append(text[start : token.start()])
            start = token.end()
    bare = (re.sub(r"\A(?:\s*--[^\n]*\n|\s)+", "", one).strip() for one in found)
    return [one for one in bare if one]


def our_apps() -> list[AppConfig]:
    """Return the apps of this project, the lowest layer first (as INSTALLED_APPS lists them)."""
    return [app for app in apps.get_app_configs() if app.name.startswith("upstander.")]


@cache
def definitions() -> dict[tuple[str, str], Definition]:
    """Return every definition of every app, in the order in which they can be made.

    Functions, then triggers, then grants and policies; of each kind the lower layers' first.
    Raises TwoTexts where a name is defined twice.
    """
    found: dict[tuple[str, str], Definition] = {}
    readers = (_functions, _triggers, _sealed, _rows)
    for one in (one for read in readers for app in our_apps() for one in read(app)):
        if one.key in found:
            raise TwoTexts(f"{one.kind} {one.name}: {found[one.key].path} and {one.path}")
        found[one.key] = one
    return found


def _functions(app: AppConfig) -> list[Definition]:
    found = []
    for path in sorted(Path(app.path).glob("sql/functions/*.sql")):
        statements = statements_of(path.read_text("utf-8"))
        match = _FUNCTION.match(statements[0]) if statements else None
        if match is None or match[1] != path.stem:
            raise ValueError(f"{path}: begins with CREATE OR REPLACE FUNCTION {path.stem}")
        name = path.stem if "." in path.stem else f"public.{path.stem}"
        found.append(Definition("function", name, app.label, tuple(statements), path))
    return found


def _triggers(app: AppConfig) -> list[Definition]:
    found = []
    for path in sorted(Path(app.path).glob("sql/triggers/*.sql")):
        for statement in statements_of(path.read_text("utf-8")):
            match = _TRIGGER.match(statement)
            if match is None or match[2] != path.stem:
                raise ValueError(f"{path}: holds triggers on {path.stem} alone")
            name = f"{match[2]}.{match[1]}"
            found.append(Definition("trigger", name, app.label, (statement,), path))
    return found


def _sealed(app: AppConfig) -> Iterator[Definition]:
    for table, path in sealed_by(app):
        function, *triggers = table.statements()
        yield Definition(*table.function, app.label, (function,), path)
        for name, trigger in zip(("seal", "seal_change"), triggers, strict=True):
            key = f"{table.name}.{table.name}_{name}"
            yield Definition("trigger", key, app.label, (trigger,), path)


def tables_of(app: AppConfig) -> tuple[Table, ...]:
    """Return the tables of which an app declares grants or policies."""
    name = f"{app.name}.row_policies"
    if find_spec(name) is None:
        return ()
    tables: tuple[Table, ...] = import_module(name).TABLES
    return tables


def _rows(app: AppConfig) -> list[Definition]:
    path = Path(app.path) / "row_policies.py"
    found = []
    for table in tables_of(app):
        own = table.is_of(app.label)
        if own:
            found.append(Definition("grants", table.name, app.label, table.opened(), path))
        elif table.grants:
            raise ValueError(f"{path}: grants on {table.name} are its own app's to give")
        for policy in table.policies:
            # What another app adds bears that app's name, so that no two can meet.
            name = policy.name if own else f"{app.label}_{policy.name}"
            statement = policy.statement(table.name, name)
            key = f"{table.name}.{name}"
            found.append(Definition("policy", key, app.label, (statement,), path))
    return found
