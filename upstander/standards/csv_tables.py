"""Reads CSV (RFC 4180) that somebody saved from a spreadsheet, whatever the spreadsheet did to it.

Rows are handed on one by one: memory depends on the longest line, not on how many there are.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import BinaryIO, Final

from django.utils.translation import gettext

from upstander.base.refused import Refused

#: Bytes and rows of a table that a person looks through on one page.
MAX_BYTES: Final = 300_000
MAX_ROWS: Final = 2_000
#: Signs of one line of a file; no honest row comes near.
MAX_LINE: Final = 1_000_000
#: Mistakes that are listed; more of them are counted.
MOST_MISTAKES: Final = 100
_CHUNK: Final = 1 << 16
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number in the file (the header is 1) and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose columns are known; ``unknown`` names those that were passed over.

    ``lines`` can be gone through once and raises Refused where the file stops being one:
    save nothing for good before its end.
    """

    lines: Iterator[TableRow]
    header: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in one place of a file, in plain words and without what the cell says."""

    file: str
    line: int
    column: str
    words: str


@dataclass(slots=True)
class Mistakes:
    """The first mistakes of a file in its order, and how many there are in all."""

    first: list[Mistake] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, column: str, words: str) -> None:
        """Count one more, and keep it if it is among the first."""
        self.count += 1
        if len(self.first) < MOST_MISTAKES:
            self.first.append(Mistake(file, line, column, words))


def as_text(raw: bytes) -> str:
    """Return a small file as text: UTF-8 with or without mark, UTF-16 with one, or Windows' own.

    Raises Refused when it is too big or no text.
    """
    stream = io.BytesIO(raw)
    return raw.decode(encoding_of(stream, most_bytes=MAX_BYTES))


def encoding_of(stream: BinaryIO, *, most_bytes: int) -> str:
    """Return how a file is written, reading all of it once in small pieces, and go back to 0.

    Raises Refused when it has more than ``most_bytes`` or is no text.
    """
    first = stream.read(2)
    marked = first in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        stream.seek(0)
        if _is_text(stream, encoding, most_bytes):
            stream.seek(0)
            return encoding
    raise Refused(
        gettext("This is not a CSV file. In your spreadsheet program, choose “Save as CSV”.")
    )


def _is_text(stream: BinaryIO, encoding: str, most_bytes: int) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    size = 0
    while True:
        chunk = stream.read(_CHUNK)
        size += len(chunk)
        if size > most_bytes:
            raise Refused(
                gettext("The file is larger than %(size)s kB.") % {"size": most_bytes // 1000}
            )
        try:
            if "\0" in decoder.decode(chunk, final=not chunk):
                return False
        except UnicodeDecodeError:
            return False
        if not chunk:
            return True


def read_table(text: str, *, columns: Sequence[str], needed: Sequence[str]) -> Table:
    """Read a small table that stands in a text, to its end: what comes back is sound throughout.

    Raises Refused with what is missing.
    """
    text = text.removeprefix("\ufeff").replace("\0", "")
    lines = io.StringIO(text, newline="")
    table = table_of(lines, columns=columns, needed=needed, most_rows=MAX_ROWS)
    return replace(table, lines=iter(tuple(table.lines)))


def read_stream(
    stream: BinaryIO,
    *,
    columns: Sequence[str],
    needed: Sequence[str],
    most_bytes: int,
    most_rows: int,
    plain: Callable[[str], str] | None = None,
) -> Table:
    """Read a table out of a file that can be wound back, a row at a time.

    ``plain`` makes column names comparable. Raises Refused, also while rows are read.
    """
    encoding = encoding_of(stream, most_bytes=most_bytes)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    return table_of(
        _bounded(text), columns=columns, needed=needed, most_rows=most_rows, plain=plain
    )


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """Go through a file's lines; one without an end is refused before it fills the memory."""
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise Refused(gettext("A line in the file is far too long."))
        yield line


def table_of(
    lines: Iterable[str],
    *,
    columns: Sequence[str],
    needed: Sequence[str],
    most_rows: int,
    plain: Callable[[str], str] | None = None,
) -> Table:
    """Read a table with a header line. Case, spaces and hyphens of column names don't matter.

    Raises Refused with what is missing.
    """
    plain = plain or _plain
    source = iter(lines)
    first, passed = _first(source)
    if first.lower().startswith("sep="):  # Excel's own hint, not a header
        first, passed = _first(source)
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(chain([first], source), delimiter=delimiter, strict=True)
    header = [plain(cell) for cell in _row(reader) or ()]
    missing = [name for name in needed if name not in header]
    if missing:
        raise Refused(
            gettext("The first row must name the columns. Missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    if any(header.count(name) > 1 for name in columns):
        raise Refused(gettext("The first row names a column twice."))
    return Table(
        _lines(reader, header, passed + 2, most_rows),
        tuple(header),
        tuple(name for name in header if name and name not in columns),
    )


def _first(lines: Iterator[str]) -> tuple[str, int]:
    """Return the first line that says something, and how many empty ones stood before it."""
    for passed, line in enumerate(lines):
        if line.strip(" \t\r\n,;"):
            return line, passed
    raise Refused(gettext("The file is empty."))


def _lines(
    reader: Iterator[list[str]], header: list[str], number: int, most: int
) -> Iterator[TableRow]:
    count = 0
    while (row := _row(reader)) is not None:
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        if any(cells.values()):
            count += 1
            if count > most:
                raise Refused(
                    gettext("The file has more than %(rows)s rows. Split it.") % {"rows": most}
                )
            yield TableRow(number, cells)
        number += 1


def _row(reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise Refused(gettext("A quotation mark somewhere in the file is not closed.")) from error


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
