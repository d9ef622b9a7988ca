"""One form of dates and times for eyes: `ui/moments.py`, `ui/times.py` and their filters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "upstander"
#: What a template may write out for a machine.
MACHINE = {"U", "c", "Y-m-d", r"Y-m-d\TH:i"}
#: A weekday or a zone alone is no date.
ALONE = {"l", "%Z"}
#: Where the form of dates stands. Apart: the card of a service, which says a weekday in full in
#: its reader's language.
HOMES = {"directory/cards.py", "ui/moments.py", "ui/times.py"}


def _files(ending: str) -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob(f"*.{ending}")):
        name = path.relative_to(ROOT).as_posix()
        if "tests" not in path.parts:
            yield name, path.read_text("utf-8")


def _shapes(tree: ast.AST) -> Iterator[object]:
    """The forms of dates that code writes out, and Django's own two functions by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            yield from (one.value for one in node.format_spec.values if hasattr(one, "value"))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "strftime":
            yield from (one.value for one in node.args if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\{\w+:(%[^}]+)\}", node.value)
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils.formats":
            yield from (f"%{one.name}" for one in node.names if one.name.endswith("e_format"))


def test_a_template_says_dates_by_our_filters() -> None:
    found = [
        (name, shape)
        for ending in ("html", "txt")
        for name, text in _files(ending)
        for shape in re.findall(r"\|(?:date|time)\b:?(?:[\"'](.*?)[\"'])?|\{% now", text)
        if shape not in MACHINE | ALONE
    ]
    assert not found


def test_code_says_dates_by_our_functions() -> None:
    found = [
        (name, shape)
        for name, text in _files("py")
        if name not in HOMES
        for shape in map(str, _shapes(ast.parse(text)))
        # What begins with the year is a machine's.
        if shape.startswith("%") and not shape.startswith("%Y") and shape not in ALONE
    ]
    assert not found
