"""The lines on which a life may hang: what the table holds is what the product says."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import strip_tags

ROOT = Path(__file__).resolve().parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("danger_lines", ROOT / "scripts/danger_lines.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["danger_lines"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


table = _script()


def test_no_line_changes_without_the_table() -> None:
    assert table.problems() == [], "run `make danger-lines`, then look at what changed"


def test_the_lines_that_matter_most_are_in_it() -> None:
    rows = table.known().values()
    english = {row.en for row in rows}
    assert {
        "Call 911",
        "Call or text 988",
        "Can’t talk? Say where you are.",
        "Could someone be hurt again today or tomorrow?",
        "Are they breathing well?",
        "Yes, when someone under 18 is being hurt.",
    } <= english
    assert {row.about for row in rows} == {
        "danger",
        "floor",
        "kept safe",
        "reply",
        "who must report",
    }
    assert all(row.es and row.ar for row in rows)


def test_who_must_still_read_a_line_stands_beside_it() -> None:
    for row in table.known().values():
        law = row.about == "who must report"
        assert (row.counsel == table.NOBODY) is not law, row
        assert (row.clinician == table.NOBODY) is law, row
        assert row.spanish_reader
        assert row.arabic_reader


@pytest.mark.parametrize(
    ("column", "lost"),
    [("es", {"spanish_reader"}), ("ar", {"arabic_reader"}), ("en", set(table.REVIEWS))],
)
def test_a_line_that_changed_has_to_be_read_again(column: str, lost: set[str]) -> None:
    said = table.Line("danger", "pages", "Call 911", "Llama al 911", "اتصل", counsel=table.NOT_YET)
    before = replace(said, **dict.fromkeys(table.REVIEWS, "A. Reader, 2026-11-27"))
    assert table.reviewed(said, before) == before
    after = table.reviewed(replace(said, **{column: "changed"}), before)
    assert {name for name in table.REVIEWS if getattr(after, name) == table.NOT_YET} == lost


def test_staffs_words_are_not_in_it() -> None:
    assert not [row for row in table.known().values() if "supervisor" in row.en]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_strip_on_every_page_says_what_the_table_holds(language: str) -> None:
    english = [
        "In danger right now?",
        "Call 911",
        "Can’t talk? Say where you are.",
        "Text 911",
        "Want to talk to someone?",
        "Call or text 988",
    ]
    said = {row.en: getattr(row, language) for row in table.known().values()}
    with translation.override(language):
        html = render_to_string("ui/components/crisis.html").replace("</li>", " </li>")
    strip = " ".join(strip_tags(html).split())
    assert strip == " ".join(said[line] for line in english)
