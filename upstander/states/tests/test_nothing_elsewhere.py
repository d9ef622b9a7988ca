"""No number and no word of a State's law stands outside its folder; tests and the demo may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from upstander.states import laws

ROOT = Path(__file__).resolve().parents[2]
KINDS = {".py", ".html", ".csv", ".toml", ".json", ".js", ".sql", ".typ", ".txt", ".po", ".md"}
#: What no file of a State says of itself: codes of its law, how its law is cited, its offices.
CONNECTICUTS = re.compile(
    r"connecticut|\bDCF\b|\bCGS\b|conn\. gen\. stat|careline|\b17a-1|\b10-222|us[_-]ct\b"
    r"|ctunitedway|\bPA \d\d-\d|842-2288",
    re.IGNORECASE,
)
#: The reader's word lists hold ordinary English, in which the hotline's name is one word.
WORD_LISTS = {"tips/data/common_words.csv"}


def files() -> Iterator[Path]:
    """Give what ships of all apps, without the States' folders, tests and the demo's data."""
    folders = {one.folder for one in laws()}
    for path in sorted(ROOT.rglob("*")):
        name = str(path.relative_to(ROOT))
        if path.suffix not in KINDS or not path.is_file() or name in WORD_LISTS:
            continue
        if folders & {*path.parents} or "tests" in path.parts or path.name.startswith("demo"):
            continue
        yield path


def test_nothing_of_a_state_stands_elsewhere() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (match := CONNECTICUTS.search(line))
    ]
    assert found == []


def test_it_looks_where_it_should() -> None:
    names = {str(path.relative_to(ROOT)) for path in files()}
    assert {"mandated/views.py", "tips/templates/tips/desk/files.html", "states/README.md"} <= names
    assert len(names) > 1000
    (law,) = (one for one in laws() if one.key == "us-ct")
    for file in ("duties.toml", "register.toml", "days.toml", "services.json"):
        assert CONNECTICUTS.search((law.folder / file).read_text("utf-8")), file
