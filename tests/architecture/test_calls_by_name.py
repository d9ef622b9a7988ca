"""A function of the database that takes many values gets them by name.

By position two of them change places without a word, and the wrong value stands where it stands.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
#: As many may be told apart by whoever reads the call.
MOST = 2
#: These show what is refused: this test, and that of the linter which says the same.
_EXAMPLES = (Path(__file__), Path(__file__).with_name("test_layers.py"))
_CALL = re.compile(r"(?<![\w.])api\.([a-z_]+)\(")
#: What comes before a function's name where it is defined or dropped, not called.
_NAMED_ONLY = re.compile(r"\bFUNCTION( IF EXISTS)?\s+$")
#: What names functions by their types, and comments.
_NO_CALLS = re.compile(r"--[^\n]*|\b(GRANT|REVOKE)\b[^;]*")


def arguments(text: str, start: int) -> list[str]:
    """Return the arguments of the call whose parenthesis opened just before ``start``."""
    found, depth, quoted = [""], 0, False
    for letter in text[start:]:
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "([":
            depth += 1
        elif not quoted and letter in ")]":
            if not depth:
                break
            depth -= 1
        elif not quoted and letter == "," and not depth:
            found.append("")
            continue
        found[-1] += letter
    return [one for one in found if one.strip()]


def by_position(text: str) -> list[str]:
    """Return the functions that a text of SQL calls with too many values by position."""
    text = _NO_CALLS.sub("", text)
    return [
        call[1]
        for call in _CALL.finditer(text)
        if not _NAMED_ONLY.search(text[: call.start()])
        and sum("=>" not in one for one in arguments(text, call.end())) > MOST
    ]


def statements(path: Path) -> Iterator[str]:
    """Give each text of a file that may be SQL, what is put in by ``{}`` left out."""
    if path.suffix == ".sql":
        yield path.read_text("utf-8")
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values
            )


def test_nothing_is_called_with_many_values_by_position() -> None:
    found = {
        (str(path.relative_to(SOURCE)), name)
        for top in ("upstander", "tests")
        for kind in ("*.py", "*.sql")
        for path in (SOURCE / top).rglob(kind)
        if path not in _EXAMPLES
        for text in statements(path)
        for name in by_position(text)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT api.one(1, 2)", []),
        ("SELECT api.three(1, 2, 3)", ["three"]),
        ("SELECT * FROM api.four(%s, now(), ARRAY[1, 2], 'a, b')", ["four"]),
        ("SELECT api.four(p_a => 1, p_b => 2, p_c => 3, p_d => f(1, 2, 3, 4))", []),
        ("SELECT api.outer(api.inner($1,$2,$3))", ["inner"]),
        ("CREATE OR REPLACE FUNCTION api.four(a int, b int, c int, d int)", []),
        ("GRANT EXECUTE ON FUNCTION api.one(int), api.four(int, int, int, int) TO x", []),
        ("-- api.four(1, 2, 3, 4)", []),
    ],
)
def test_it_knows_a_call_when_it_sees_one(text: str, found: list[str]) -> None:
    assert by_position(text) == found
