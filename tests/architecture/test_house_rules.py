"""Rules of this code base that no general tool knows."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400  #: lines
LONGEST_LINE = 160  #: characters of a line of a template, its indent with it
READ = {".py", ".html", ".css", ".scss", ".js", ".sql"}
SOURCES = sorted(
    path
    for top in ("upstander", "tests", "scripts")
    for path in [*(ROOT / top).rglob("*"), ROOT / "conftest.py"]
    if path.suffix in READ and "migrations" not in path.parts
)


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    assert {path.suffix for path in SOURCES} >= {".py", ".html", ".css", ".js"}
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_line_of_a_template_is_too_long_to_be_read_at_once() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{number}": len(line)
        for path in SOURCES
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    }
    assert long == {}


def test_no_line_is_kept_from_the_formatter() -> None:
    kept_off = re.compile(r"#\s*fmt:\s*(?:skip|off)|\bdjangofmt:\s*(?:ignore|off)", re.IGNORECASE)
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if kept_off.search(line)
    ] == []


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_requirement_is_pinned_with_its_hash_and_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    pinned = [block for block in blocks if re.match(r"[a-z0-9]", block)]
    assert len(pinned) > 20
    assert [block.split("\n")[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert [block.split("\n")[0] for block in pinned if "==" not in block.split("\n")[0]] == []
    assert "://" not in text


def test_every_direct_requirement_is_pinned() -> None:
    for name in ("base", "dev"):
        wanted = re.findall(
            r"^([a-z0-9][a-z0-9-]*)",
            (ROOT / "requirements" / f"{name}.in").read_text(),
            re.MULTILINE,
        )
        pinned = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert [word for word in wanted if f"\n{word}==" not in f"\n{pinned}"] == []


@pytest.mark.django_db
def test_each_change_of_a_model_has_its_migration() -> None:
    told = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=told)
    except SystemExit:
        pytest.fail(told.getvalue())
