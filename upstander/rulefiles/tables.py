"""Reads a table (CSV) whose lines are of one type; its fields are the columns.

A cell becomes what its field's type asks for: ``bool`` from yes or no, ``int`` from digits,
``tuple`` from words with blanks between them, ``frozenset`` from "this or that" (empty for
"any"). An empty cell is the field's default, where it has one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from upstander.rulefiles.reading import File, read_bytes, text_of
from upstander.rulefiles.saying import in_words
from upstander.rulefiles.translations import others
from upstander.rulefiles.types import RuleType
from upstander.rulefiles.wrong import RuleFileWrong


@dataclass(frozen=True, slots=True)
class Table[T: RuleType]:
    """The lines of a table, in their order."""

    name: str
    rows: tuple[T, ...]
    _lines: Mapping[int, int]

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def wrong(self, row: T | None, problem: str) -> RuleFileWrong:
        """Return an error that names a row's line (None: the table), for the caller to raise."""
        place = f"line {self._lines[id(row)]}" if row is not None else ""
        return RuleFileWrong(self.name, place, problem)

    def by_key(self, column: str = "key") -> dict[str, T]:
        """Return the rows by a field. Raises RuleFileWrong when a value of it stands twice."""
        found: dict[str, T] = {}
        for row in self.rows:
            key = getattr(row, column)
            if key in found:
                raise self.wrong(row, f"{key!r} stands twice")
            found[key] = row
        return found


def read_table[T: RuleType](file: File, row: type[T]) -> Table[T]:
    """Return a ``.csv`` file's lines. Raises RuleFileWrong, also when it is gone."""
    return parse_table(read_bytes(file), file.name, row)


def parse_table[T: RuleType](content: bytes, name: str, row: type[T]) -> Table[T]:
    """Return the lines of a table's content. Raises RuleFileWrong.

    The header names each column of ``row`` once and nothing else, in any order; each line has as
    many cells; a cell may not begin or end with a blank, which a spreadsheet would hide.
    """
    reader = csv.reader(io.StringIO(text_of(content, name), newline=""), strict=True)
    rows: list[T] = []
    lines: dict[int, int] = {}
    line = 1
    try:
        header = next(reader, [])
        if sorted(header) != sorted(_columns(row)):
            problem = f"the columns are {', '.join(header)}; expected {', '.join(_columns(row))}"
            raise RuleFileWrong(name, "", problem)
        line = reader.line_num + 1
        for cells in reader:
            found = _row(cells, header, RuleFileWrong(name, f"line {line}", ""), row)
            rows.append(found)
            lines[id(found)] = line
            line = reader.line_num + 1
    except csv.Error as error:
        raise RuleFileWrong(name, f"line {line}", f"no table can be read: {error}") from error
    return Table(name, tuple(rows), lines)


def _row[T: RuleType](cells: list[str], header: list[str], at: RuleFileWrong, row: type[T]) -> T:
    if len(cells) != len(header):
        raise RuleFileWrong(at.file, at.place, f"{len(cells)} cells, expected {len(header)}")
    by_column = dict(zip(header, cells, strict=True))
    for column, cell in by_column.items():
        if cell != cell.strip() or "\0" in cell:
            raise RuleFileWrong(at.file, at.place, f"a blank at the edge of {column!r}")
    data: dict[str, Any] = {}
    for field, node, optional in _layout(row):
        if optional and by_column[field] == "":
            continue
        if made := _made_of(node):
            key = "/".join([*(by_column[one] for one in made["translated"]), made["part"]])
            english = by_column[made["column"]]
            data[field] = {"en": english} | others(
                at.file.removesuffix(".csv"), key.removesuffix("/"), english
            )
            continue
        try:
            data[field] = _cell(by_column[field], node)
        except ValueError as error:
            raise RuleFileWrong(at.file, at.place, f"{field!r} {error}") from error

    def attempt(given: object) -> T:
        return msgspec.convert(given, row)

    try:
        return attempt(data)
    except msgspec.ValidationError as error:
        inner, problem = in_words(error, row, data, attempt, table=True)
        said = f"{inner}: {problem}" if inner else problem
        raise RuleFileWrong(at.file, at.place, said) from error


def _cell(cell: str, node: inspect.Type) -> Any:
    """Return a cell as what its type asks for; what doesn't fit stays as it is, to be refused."""
    if isinstance(node, inspect.Metadata):
        node = node.type
    match node:
        case inspect.BoolType():
            return {"yes": True, "no": False}.get(cell, cell)
        case inspect.IntType():
            return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell
        case inspect.VarTupleType():
            return cell.split()
        case inspect.FrozenSetType():
            return choices(cell)
    return cell


def choices(cell: str) -> list[str]:
    """Return what a cell such as ``now or soon`` names; nothing for ``any``. Raises ValueError."""
    if cell == "any":
        return []
    parts = [part.strip() for part in cell.split(" or ")]
    if not all(parts) or any(" " in part for part in parts) or len(set(parts)) != len(parts):
        raise ValueError(f"is {cell!r}; write it as 'this or that', or 'any'")
    return parts


type _Layout = tuple[tuple[str, inspect.Type, bool], ...]


@cache
def _layout(row: type[RuleType]) -> _Layout:
    """Return a row's fields by their names in the file, and whether each has a default."""
    found = inspect.type_info(row)
    assert isinstance(found, inspect.StructType)  # noqa: S101 - for the type checker
    return tuple((one.encode_name, one.type, not one.required) for one in found.fields)


def _made_of(node: inspect.Type) -> Mapping[str, Any]:
    """Return what ``translated`` says of a field; nothing of any other."""
    return (node.extra or {}) if isinstance(node, inspect.Metadata) else {}


def _columns(row: type[RuleType]) -> list[str]:
    return [_made_of(node).get("column", field) for field, node, _ in _layout(row)]
