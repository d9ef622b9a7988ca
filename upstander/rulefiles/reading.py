"""Reads a file of rules (TOML, JSON) into the type that describes it, or says what is wrong."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec

from upstander.rulefiles.law import laws_in
from upstander.rulefiles.saying import in_words
from upstander.rulefiles.wrong import RuleFileWrong

#: Bytes; ours have 50 kB. What is bigger was put there by mistake or to do harm.
LARGEST: Final = 1_000_000

type File = Path | Traversable


def data_file(package: str, name: str) -> Traversable:
    """Return the file ``name`` of a package's folder ``data``."""
    return files(package).joinpath("data", name)


def read_rules[T](file: File, expected: type[T]) -> T:
    """Return what a ``.toml`` or ``.json`` file says. Raises RuleFileWrong, also when it is gone.

    A mark before the text (BOM) and Windows' line ends mean nothing; an unknown entry, one that
    stands twice, and a file above LARGEST are refused.
    """
    return parse_rules(read_bytes(file), file.name, expected)


def parse_rules[T](content: bytes, name: str, expected: type[T]) -> T:
    """Return what a file's content says: JSON by its name, else TOML. Raises RuleFileWrong."""
    parse = _json if name.endswith(".json") else tomllib.loads
    text = text_of(content, name)
    try:
        data = parse(text)
    except RecursionError as error:
        raise RuleFileWrong(name, "", "too many groups within groups") from error
    except ValueError as error:
        raise RuleFileWrong(name, "", str(error)) from error
    return as_rules(data, name, expected)


def as_rules[T](data: object, name: str, expected: type[T]) -> T:
    """Return plain data as the type that describes it. Raises RuleFileWrong."""

    def attempt(given: object) -> T:
        return msgspec.convert(given, expected)

    try:
        found = attempt(data)
    except msgspec.ValidationError as error:
        raise RuleFileWrong(name, *in_words(error, expected, data, attempt)) from error
    for place, _, law in laws_in(found):
        if law.confirmed:
            problem = "confirmed is true; a file confirms nothing, an administrator does"
            raise RuleFileWrong(name, place.replace(".", ", "), problem)
    return found


def read_bytes(file: File, *, most: int = LARGEST) -> bytes:
    """Return a file's bytes. Raises RuleFileWrong: it can't be read, or is above ``most`` bytes."""
    try:
        with file.open("rb") as opened:
            content: bytes = opened.read(most + 1)
    except OSError as error:
        problem = f"can't be read ({error.strerror or type(error).__name__})"
        raise RuleFileWrong(str(file), "", problem) from error
    if len(content) > most:
        raise RuleFileWrong(file.name, "", f"is bigger than {most:,} bytes")
    return content


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes in hex: what somebody has approved, or a copy's name."""
    return hashlib.sha256(content).hexdigest()


def text_of(content: bytes, name: str) -> str:
    """Return a file's text. Raises RuleFileWrong when it isn't UTF-8."""
    if len(content) > LARGEST:
        raise RuleFileWrong(name, "", f"is bigger than {LARGEST:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RuleFileWrong(name, f"line {line}", "this is no text in UTF-8") from error


def _json(text: str) -> object:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """Refuse what JSON lets pass: of two entries of one name the first would be forgotten."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice")
    return found


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is no number")
