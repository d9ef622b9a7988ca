"""Reading a table that somebody saved from a spreadsheet, whatever the spreadsheet did to it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from upstander.base.refused import Refused

MAX_BYTES = 300_000
MAX_ROWS = 2_000
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its line number in the file (the header is 1) and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose columns are known; ``unknown`` names those that were passed over."""

    lines: tuple[Line, ...]
    unknown: tuple[str, ...]


def as_text(raw: bytes) -> str:
    """Return a file as text: UTF-8 with or without mark, UTF-16 with one, or Windows' own.

    Raises Refused when it is too big or no text.
    """
    if len(raw) > MAX_BYTES:
        raise Refused(gettext("The file is bigger than %(size)s kB.") % {"size": MAX_BYTES // 1000})
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(gettext("This is no CSV file. In the spreadsheet choose “Save as CSV”."))


def read_table(text: str, *, columns: Sequence[str], needed: Sequence[str]) -> Table:
    """Read a table with a header line. Case, spaces and hyphens of column names don't matter.

    Raises Refused with what is missing.
    """
    text = text.removeprefix("\ufeff").replace("\0", "")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    if first.lower().startswith("sep="):  # Excel's own hint, not a header
        text = text.lstrip("\r\n").split("\n", 1)[-1]
        first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Refused(gettext("A quotation mark is not closed somewhere in the file.")) from error
    start = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if start is None:
        raise Refused(gettext("The file is empty."))
    header = [_plain(cell) for cell in rows[start]]
    missing = [name for name in needed if name not in header]
    if missing:
        raise Refused(
            gettext("The first line must name the columns. Missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    if len(set(header)) != len(header):
        raise Refused(gettext("The first line names a column twice."))
    lines = tuple(
        Line(number, {name: cell.strip() for name, cell in zip(header, row, strict=False)})
        for number, row in enumerate(rows[start + 1 :], start + 2)
        if any(cell.strip() for cell in row)
    )
    if len(lines) > MAX_ROWS:
        raise Refused(
            gettext("The file has more than %(rows)s rows. Split it.") % {"rows": MAX_ROWS}
        )
    return Table(lines, tuple(name for name in header if name and name not in columns))


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
