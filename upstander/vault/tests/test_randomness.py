"""Secrets come from the operating system's generator, and the vault stays free of Django."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

VAULT = Path(__file__).parents[1]
SOURCES = sorted(VAULT.glob("*.py"))
DJANGO_SIDE = {
    "apps.py",
    "sweeps.py",
    "fields.py",
    "hashers.py",
    "models.py",
    "pins.py",
    "two_places.py",
}


def imported(source: Path) -> Iterator[str]:
    """Yield the name of every module that a source imports, wherever in the file."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_no_predictable_generator_is_imported(source: Path) -> None:
    roots = {name.split(".")[0] for name in imported(source)}
    assert not roots & {"random", "numpy"}
    assert "django.utils.crypto" not in set(imported(source))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_only_the_django_side_knows_django(source: Path) -> None:
    knows = any(name.split(".")[0] == "django" for name in imported(source))
    assert not knows or source.name in DJANGO_SIDE
