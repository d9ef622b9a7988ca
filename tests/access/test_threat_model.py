"""docs/threat-model.md names every column that stands in clear, and no other."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from pathlib import Path

from django.apps import apps
from django.db import models

from upstander.vault.fields import SealedTextField

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "threat-model.md"


def documented() -> dict[str, set[str]]:
    columns: dict[str, set[str]] = defaultdict(set)
    section = PAGE.read_text("utf-8").split("## What stands in clear", 1)[1].split("\n## ", 1)[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if line.startswith("| ") and len(cells) == 4 and "_" in cells[0]:
            assert cells[2], f"{cells[0]} gives no reason"
            assert cells[3], f"{cells[0]} does not say until when it is kept"
            columns[cells[0]] |= {name.strip() for name in cells[1].split(",")}
    return dict(columns)


def in_clear() -> dict[str, set[str]]:
    return {
        model._meta.db_table: {
            str(field.column)
            for field in model._meta.concrete_fields
            if not isinstance(field, (models.BinaryField, SealedTextField))
        }
        for model in apps.get_models()
        if model.__module__.startswith("upstander.")
    }


def test_each_clear_column_is_documented_with_its_reason() -> None:
    assert documented() == in_clear()


def test_the_page_is_what_the_apps_say() -> None:
    """Written by ``scripts/threat_model.py``, from the manifests."""
    spec = importlib.util.spec_from_file_location(
        "threat_model", ROOT / "scripts" / "threat_model.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = PAGE.read_text("utf-8")
    assert script.written(page) == page
