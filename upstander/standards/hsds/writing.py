"""Writes HSDS as tables: a ZIP of CSV files with the standard's descriptor.

What a cell or a table can't hold (a field that the standard doesn't have, a text where a number is
due, a part whose term isn't among the records, a midnight of 24:00) stands in ``beside.csv``:
table, id, field, and the value as JSON. So nothing is lost on the way out and back, and the tables
keep to the descriptor.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final

from upstander.standards.hsds.shapes import (
    ENTITIES,
    KINDS,
    Body,
    Kind,
    columns_of,
    descriptor,
    fits,
    owner_keys,
)
from upstander.standards.hsds.tabular import BESIDE, BESIDE_COLUMNS

_TIME: Final = re.compile(r"(\d\d?):(\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def write_tabular(records: Iterable[tuple[Kind, Mapping[str, Any]]], stream: BinaryIO) -> None:
    """Write records in normal form, in the order of KINDS, as a ZIP with the standard's descriptor.

    Memory depends on how many objects there are, not on what they say. Raises ValueError for
    records in another order: whose organization isn't there yet could not be told from nobody's.
    """
    with ExitStack() as files:
        out = _Out(files)
        place = 0
        for kind, body in records:
            if KINDS.index(kind) < place:
                raise ValueError(f"{kind} after {KINDS[place]}")
            place = KINDS.index(kind)
            if not out.put(kind, body, {}):
                out.beside(kind, str(body.get("id", "")), None, body)
        out.finish(stream)


class _Out:
    """Tables on their way out, each in a file without a name until all rows are known."""

    def __init__(self, files: ExitStack) -> None:
        self._files = {
            name: files.enter_context(TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
            for name in (*ENTITIES, BESIDE)
        }
        self._ids: dict[str, dict[str, int]] = {name: {} for name in ENTITIES}
        self._taken: set[tuple[str, str, str]] = set()

    def beside(self, entity: str, number: str, field: str | None, value: object) -> None:
        """Keep what no table holds: a field's value, or with None for a field a whole record."""
        if field is None:
            field = ""
        elif not field or field != field.strip() or field[0] == '"':
            field = json.dumps(field)
        self._write(BESIDE, [entity, number, field, json.dumps(value, ensure_ascii=False)])

    def put(self, entity: str, one: Mapping[str, Any], owner: Mapping[str, str]) -> bool:
        """Write an object's row and those of its parts, or say that the tables can't hold it."""
        cells, rest, parts = self._apart(entity, one, owner)
        if not self._complete(entity, cells):
            return False
        number = cells["id"]
        # The same part may stand in two places, and is one row where it says the same there.
        same = hash(json.dumps([cells, rest, parts], sort_keys=True))
        if number in self._ids[entity]:
            return self._ids[entity][number] == same
        self._ids[entity][number] = same
        for key, column in columns_of()[entity].items():
            if column.get("unique") and key != "id" and cells.get(key):
                if (entity, key, cells[key]) in self._taken:
                    rest[key] = cells.pop(key)
                else:
                    self._taken.add((entity, key, cells[key]))
        self._write(entity, [cells.get(key, "") for key in columns_of()[entity]])
        for key, value in rest.items():
            self.beside(entity, number, key, value)
        for key, several in parts.items():
            name = ENTITIES[entity].children[key][0]
            for part in several:
                if not self.put(name, part, owner_keys(name, entity, number)):
                    self.beside(entity, number, key, [part])
        return True

    def _apart(
        self, entity: str, one: Mapping[str, Any], owner: Mapping[str, str]
    ) -> tuple[dict[str, str], Body, dict[str, list[Body]]]:
        """Sort an object's fields: cells, what stands beside, parts with rows of their own."""
        cells, rest, parts = dict(owner), {}, {}
        for key, value in one.items():
            name, many = ENTITIES[entity].children.get(key, ("", False))
            if key in owner or (key == "unit_id" and "unit" in one):
                # It says that it belongs elsewhere than where it stands.
                rest[key] = value
            elif key in columns_of()[entity]:
                cells[key], whole = _cell(entity, key, value)
                if not whole:
                    rest[key] = value
            elif many and isinstance(value, list) and all(isinstance(p, dict) for p in value):
                parts[key] = value
            elif name == "unit" and isinstance(value, dict) and self.put(name, value, {}):
                cells["unit_id"] = value["id"]
            else:
                rest[key] = value
        return cells, rest, parts

    def _complete(self, entity: str, cells: Mapping[str, str]) -> bool:
        return all(
            cells.get(key) and (not column["names"] or cells[key] in self._ids[column["names"]])
            for key, column in columns_of()[entity].items()
            if column.get("required")
        )

    def finish(self, stream: BinaryIO) -> None:
        """Write the archive; a name that nothing bears stands beside, for the descriptor's sake."""
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("datapackage.json", descriptor())
            for entity, shape in ENTITIES.items():
                columns = columns_of()[entity]
                self._pack(packed, shape.file, tuple(columns), self._sound(entity, columns))
            self._pack(packed, f"{BESIDE}.csv", BESIDE_COLUMNS, self._rows(BESIDE))

    def _sound(self, entity: str, columns: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
        for row in self._rows(entity):
            for place, (key, column) in enumerate(columns.items()):
                if column["names"] and row[place] and row[place] not in self._ids[column["names"]]:
                    self.beside(entity, row[0], key, row[place])
                    row[place] = ""
            yield row

    def _write(self, name: str, row: list[str]) -> None:
        self._files[name].write(json.dumps(row) + "\n")

    def _rows(self, name: str) -> Iterator[list[str]]:
        self._files[name].seek(0)
        for line in self._files[name]:
            yield json.loads(line)

    def _pack(
        self, packed: zipfile.ZipFile, file: str, header: Sequence[str], rows: Iterable[list[str]]
    ) -> None:
        with packed.open(file, "w", force_zip64=True) as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            writer = csv.writer(text)
            writer.writerow(header)
            writer.writerows(rows)
            text.flush()
            text.detach()


def _cell(entity: str, key: str, value: Any) -> tuple[str, bool]:
    """Return what a cell says, and whether that is all of it."""
    if not fits(entity, key, value):
        return "", False
    schema = ENTITIES[entity].properties[key]
    if schema["type"] == "number":
        return json.dumps(value), True
    if schema.get("format") == "time":
        match = _TIME.fullmatch(value)
        if match is None:
            return "", False
        hours, minutes, seconds, zone = match.groups()
        if hours == "24":
            return f"23:59:00{zone or ''}", False
        plain = len(hours) == 2 and seconds in (None, ":00")
        return f"{hours:0>2}:{minutes}{seconds or ':00'}{zone or ''}", plain
    return value, value == value.strip()
