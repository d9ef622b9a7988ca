"""Every table and every app has its row in docs/glossary.md, and names nothing that isn't there."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/glossary.md").read_text("utf-8")
#: The rows before the last part, which tells of names that are gone.
ROWS = [line for line in TEXT.split("## What older texts")[0].splitlines() if line.startswith("| ")]


def _tables() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("upstander.")
    }


def test_each_table_stands_in_it_once() -> None:
    named = [name for row in ROWS for name in re.findall(r"`([a-z]+_[a-z]+)`", row)]
    assert sorted(named) == sorted(_tables())


def test_each_room_stands_in_it() -> None:
    rooms = set(re.findall(r"^\| `(\w+)` \| ", TEXT.partition("## Rooms")[2], re.MULTILINE))
    assert rooms == {path.parent.name for path in ROOT.glob("upstander/*/__init__.py")}


def test_its_paths_lead_somewhere() -> None:
    paths = {one for row in ROWS for one in re.findall(r"`(\w+/[\w/.]*)`", row)}
    missing = sorted(one for one in paths if not (ROOT / "upstander" / one).exists())
    assert not missing
