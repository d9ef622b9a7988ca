"""Reads HSDS from tables: CSV files, or a ZIP of them, and ``beside.csv`` (writing.py)."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import IO, Any, Final

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.standards.csv_tables import read_stream
from upstander.standards.hsds.reading import MOST_BYTES, Seen
from upstander.standards.hsds.shapes import (
    ENTITIES,
    KINDS,
    Body,
    Problem,
    Record,
    columns_of,
    split,
    wrong,
)

BESIDE: Final = "beside"
BESIDE_COLUMNS: Final = ("table", "id", "field", "value")
_MOST_ROWS: Final = 5_000_000
_DAMAGED: Final = (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError)
_FILES: Final = {
    **{f"{name}.csv": name for name in (*ENTITIES, BESIDE)},
    **{shape.file: name for name, shape in ENTITIES.items()},
}


@cache
def _owners() -> dict[str, list[str]]:
    """Return in which tables' objects each table's rows are nested."""
    found = defaultdict(list)
    for owner, shape in ENTITIES.items():
        for name, many in shape.children.values():
            if many and (name == "program" or name not in KINDS):
                found[name].append(owner)
    return found


def read_tabular(
    uploads: Iterable[tuple[str, bytes]], *, most_bytes: int = MOST_BYTES
) -> Iterator[Record | Problem]:
    """Go through the records of CSV files, or of ZIP archives of them, by their names.

    Rows wait in a file without a name (SQLite's), not in memory. Files by other names are passed
    over. Raises Refused, also on the way.
    """
    with closing(sqlite3.connect("")) as rows:
        rows.execute(
            "CREATE TABLE part (entity TEXT, id TEXT, owner TEXT, place TEXT, cells TEXT,"
            " own TEXT AS (entity || ':' || id))"
        )
        known = [_keep(rows, name, stream) for name, stream in _inside(uploads, most_bytes)]
        if not any(known):
            raise Refused(gettext("None of the files is a table of the standard (HSDS)."))
        rows.execute("CREATE INDEX of_owner ON part (owner)")
        rows.execute("CREATE INDEX by_own ON part (own)")
        seen = Seen()
        for kind in KINDS:
            for number, place, cells in rows.execute(
                "SELECT id, place, cells FROM part WHERE entity = ? AND owner = '' ORDER BY rowid",
                (kind,),
            ):
                problems: list[Problem] = []
                body = _built(rows, kind, number, json.loads(cells), place, problems)
                *others, own = split(kind, body)
                yield from seen.take(others, place)
                yield from seen.take([own], place, tuple(problems))
        for (place,) in rows.execute(
            "SELECT place FROM part WHERE owner <> '' AND NOT EXISTS (SELECT 1 FROM part AS one "
            "WHERE one.own = part.owner) ORDER BY rowid"
        ):
            yield Problem(place, "", gettext("Belongs to nothing that stands in these files."))
        yield from seen.circles()


def _inside(uploads: Iterable[tuple[str, bytes]], room: int) -> Iterator[tuple[str, IO[bytes]]]:
    for name, raw in uploads:
        try:
            if not zipfile.is_zipfile(io.BytesIO(raw)):
                room -= len(raw)
                yield name, io.BytesIO(raw)
                continue
            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                for entry in packed.infolist():
                    room -= entry.file_size
                    if room < 0:
                        raise Refused(gettext("The files are too large once unpacked."))
                    with packed.open(entry) as stream:
                        yield entry.filename, stream
        except _DAMAGED as error:
            raise Refused(gettext("The ZIP archive is damaged or locked.")) from error


def _keep(rows: sqlite3.Connection, name: str, stream: IO[bytes]) -> bool:
    """Put a file's rows away, each under all that it is nested in. Says whether it is a table."""
    file = name.rsplit("/", 1)[-1].lower()
    entity = _FILES.get(file)
    if entity is None:
        return False
    try:
        table = read_stream(
            stream,  # type: ignore[arg-type]
            columns=(),
            needed=("id",),
            most_bytes=MOST_BYTES,
            most_rows=_MOST_ROWS,
        )
        rows.executemany(
            "INSERT INTO part VALUES (?, ?, ?, ?, ?)",
            (
                row
                for line in table.lines
                for row in _filed(entity, line.cells, f"{file}, line {line.number}")
            ),
        )
    except Refused as error:
        raise Refused(f"{file}: {error.words}") from error
    return True


def _filed(
    entity: str, row: Mapping[str, str], place: str
) -> Iterator[tuple[str, str, str, str, str]]:
    if entity == BESIDE:
        table, number, field = row.get("table", ""), row["id"], row.get("field", "")
        if field:
            field = json.loads(field) if field[0] == '"' else field
            yield entity, "", f"{table}:{number}", place, json.dumps([field, row["value"]])
        elif table in KINDS:
            yield table, number, "", place, row["value"]
        return
    columns = columns_of()[entity]
    cells = {
        name: _value(cell, columns.get(name, {}).get("number", False), name)
        for name, cell in row.items()
        if cell and name
    }
    number = str(cells.get("id", ""))
    yield from (
        (entity, number, owner, place, json.dumps(cells)) for owner in _owned_by(entity, cells)
    )


def _owned_by(entity: str, cells: Mapping[str, Any]) -> Sequence[str]:
    if entity in ("attribute", "metadata"):
        link = "link" if entity == "attribute" else "resource"
        said = str(cells.get("link_entity" if link == "link" else "resource_type", "")).lower()
        owner = _FILES.get(f"{said}.csv", said)
        return [f"{owner}:{cells.get(f'{link}_id', '')}"]
    if not _owners()[entity]:
        return [""]
    owners = (f"{owner}_id" for owner in _owners()[entity])
    return [f"{key[:-3]}:{cells[key]}" for key in owners if key in cells] or ["nothing"]


def _value(cell: str, number: bool, name: str) -> Any:
    if number:
        try:
            return int(cell) if re.fullmatch(r"-?\d{1,15}", cell, re.ASCII) else float(cell)
        except ValueError:
            return cell
    own = name == "id" or (name.endswith("_id") and name != "tax_id")
    return cell.lower() if own else cell


def _built(
    rows: sqlite3.Connection,
    entity: str,
    number: str,
    body: Body,
    place: str,
    problems: list[Problem],
) -> Body:
    """Put an object together with what is nested in it."""
    if entity == "service_capacity" and "unit_id" in body:
        unit = rows.execute(
            "SELECT place, cells FROM part WHERE own = 'unit:' || ?", (body["unit_id"],)
        ).fetchone()
        if unit:
            own = json.loads(unit[1])
            body["unit"] = _built(rows, "unit", body["unit_id"], own, unit[0], problems)
    keys = {name: key for key, (name, many) in ENTITIES[entity].children.items() if many}
    for name, part, where, cells in rows.execute(
        "SELECT entity, id, place, cells FROM part WHERE owner = ? ORDER BY rowid",
        (f"{entity}:{number}",),
    ).fetchall():
        found = json.loads(cells)
        if name == BESIDE:
            field, value = found[0], json.loads(found[1])
            both = isinstance(value, list) and isinstance(body.get(field), list)
            body[field] = [*body[field], *value] if both else value
        elif name in keys:
            inner = _built(rows, name, part, found, where, problems)
            body.setdefault(keys[name], []).append(inner)
    problems += [Problem(place, field, words) for field, words in wrong(entity, body)]
    return body
