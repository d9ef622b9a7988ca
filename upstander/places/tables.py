"""Reads the CSV files that hold content and rules, and refuses a careless one.

People who are not programmers own these files. So an error names the file and the line in words,
and it comes when the program starts, not when a child sends a tip.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType

#: Every text that a reporter may see exists in each of these.
LANGUAGES: tuple[str, ...] = ("en", "es", "ar")

Texts = Mapping[str, str]


class TableError(ValueError):
    """A content file is wrong; the message says where and what."""


class Row:
    """One line of a table, with its place for error messages."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str]) -> None:
        self.file = file
        self.line = line
        self._cells = cells

    def __getitem__(self, column: str) -> str:
        return self._cells[column]

    def error(self, problem: str) -> TableError:
        """An error that names this line, for the caller to raise."""
        return TableError(f"{self.file}, line {self.line}: {problem}")

    def need(self, column: str) -> str:
        """The cell, which must not be empty. Raises TableError."""
        value = self._cells[column]
        if not value:
            raise self.error(f"the column {column!r} is empty")
        return value

    def one_of(self, column: str, allowed: Iterable[str]) -> str:
        """The cell, which must be one of ``allowed``. Raises TableError."""
        value, known = self._cells[column], tuple(allowed)
        if value not in known:
            raise self.error(f"{column!r} is {value!r}; it must be one of: {', '.join(known)}")
        return value

    def yes(self, column: str) -> bool:
        """A yes/no cell. Raises TableError for anything else."""
        return self.one_of(column, ("yes", "no")) == "yes"

    def words(self, column: str) -> tuple[str, ...]:
        """A cell of keys with blanks between them; may be empty."""
        return tuple(self._cells[column].split())

    def choices(self, column: str) -> frozenset[str]:
        """A cell such as ``now or soon``; empty when it says ``any``. Raises TableError."""
        value = self.need(column)
        if value == "any":
            return frozenset()
        parts = [part.strip() for part in value.split(" or ")]
        if not all(parts) or any(" " in part for part in parts) or len(set(parts)) != len(parts):
            raise self.error(f"{column!r} is {value!r}; write it as 'this or that', or 'any'")
        return frozenset(parts)

    def texts(self, prefix: str = "") -> Texts:
        """The cells en, es and ar, none of them empty. Raises TableError."""
        return MappingProxyType({lang: self.need(prefix + lang) for lang in LANGUAGES})


def read_table(package: str, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of ``<package>/data/<name>``. Raises TableError.

    The header must be exactly ``columns``, each row must have as many cells, and a cell may not
    begin or end with a blank: those are the slips that a spreadsheet hides.
    """
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines(), strict=True)
    header = tuple(next(reader, ()))
    if header != columns:
        raise TableError(f"{name}: the columns are {header}, expected {columns}")
    for cells in reader:
        line = reader.line_num
        if len(cells) != len(columns):
            raise TableError(f"{name}, line {line}: {len(cells)} cells, expected {len(columns)}")
        for column, cell in zip(columns, cells, strict=True):
            if cell != cell.strip():
                raise TableError(f"{name}, line {line}: a blank at the edge of {column!r}")
        yield Row(name, line, MappingProxyType(dict(zip(columns, cells, strict=True))))


def unique_keys(rows: Iterable[Row], column: str = "key") -> list[Row]:
    """The rows, once it is sure that no key stands twice. Raises TableError."""
    seen: set[str] = set()
    kept: list[Row] = []
    for row in rows:
        key = row.need(column)
        if key in seen:
            raise row.error(f"{key!r} stands twice")
        seen.add(key)
        kept.append(row)
    return kept


def in_language(texts: Texts, language: str) -> str:
    """The text in ``language`` ("es", "es-us"), in English if there is none."""
    return texts.get(language) or texts.get(language.split("-", maxsplit=1)[0]) or texts["en"]
