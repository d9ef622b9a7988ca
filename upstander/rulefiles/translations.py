"""What tables say besides English: ``texts.csv`` of each language's folder, by table and row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from upstander.base import languages
from upstander.rulefiles.reading import digest_of, read_bytes, text_of
from upstander.rulefiles.wrong import RuleFileWrong

TEXTS = "texts.csv"


class Translation(NamedTuple):
    """One text of a table's row in another language; its fields are the columns."""

    #: The file's name without its ending.
    table: str
    #: What ``rulefiles.translated`` says of the row.
    key: str
    #: The English that it was made of.
    en: str
    #: Empty: nobody has translated it yet, and readers have the English.
    text: str


def parse_texts(content: bytes, name: str) -> Mapping[tuple[str, str], Translation]:
    """Return a language's texts by table and key. Raises RuleFileWrong."""
    reader = csv.reader(io.StringIO(text_of(content, name), newline=""), strict=True)
    found: dict[tuple[str, str], Translation] = {}
    try:
        for cells in reader:
            place = f"line {reader.line_num}"
            if len(cells) != len(Translation._fields) or cells != [one.strip() for one in cells]:
                raise RuleFileWrong(name, place, f"expected {', '.join(Translation._fields)}")
            row = Translation(*cells)
            if found.setdefault(row[:2], row) is not row:
                raise RuleFileWrong(name, place, f"{row.table} {row.key!r} stands twice")
    except csv.Error as error:
        raise RuleFileWrong(name, f"line {reader.line_num}", f"no table: {error}") from error
    if found.pop(Translation._fields[:2], None) != Translation._fields:
        raise RuleFileWrong(name, "line 1", f"the columns are not {Translation._fields}")
    return found


@cache
def texts_of(code: str) -> Mapping[tuple[str, str], Translation]:
    """Return the texts of a known language, by table and key. Raises RuleFileWrong."""
    folder = languages.KNOWN[code].folder
    return parse_texts(read_bytes(folder / TEXTS), f"{folder.name}/{TEXTS}")


def others(table: str, key: str, english: str) -> dict[str, str]:
    """Return a text in each offered language besides English that has it, by their codes.

    ``table`` is a file's name without its ending, ``key`` what ``translated`` says of the row. One
    that was made of other English words counts for none. Raises RuleFileWrong.
    """
    return {
        code: said.text
        for code in languages.LANGUAGES
        if code != languages.ENGLISH.code
        and (said := texts_of(code).get((table, key)))
        and said.text
        and said.en == english
    }


def digest_with(content: bytes, table: str) -> str:
    """Return the digest of a file, and of what it says in other languages if it is a table."""
    said = [
        [code, *row]
        for code in languages.LANGUAGES
        if code != languages.ENGLISH.code
        for row in sorted(texts_of(code).values())
        if row.table == table
    ]
    return digest_of(content + json.dumps(said).encode() if said else content)
