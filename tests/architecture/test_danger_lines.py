"""The lines on which a life may hang: what the table holds is what the product says."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import strip_tags

from upstander.base.languages import LANGUAGES

#: How a way to call begins in each language besides English, and what one of these holds: what to
#: say or press for somebody who speaks it.
CALLS = {"es": ("Llama al", "español|oprime 2"), "ar": ("اتصل", "Arabic")}
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
    assert all(all(row.texts.values()) for row in rows)
    assert all(set(row.texts) == set(LANGUAGES) for row in rows)


def test_who_must_still_read_a_line_stands_beside_it() -> None:
    for row in table.known().values():
        law = row.about == "who must report"
        assert (row.read_by["counsel"] == table.NOBODY) is not law, row
        assert (row.read_by["clinician"] == table.NOBODY) is law, row
        assert all(row.read_by.values()), row


@pytest.mark.parametrize(
    ("column", "lost"),
    [("es", {"spanish_reader"}), ("ar", {"arabic_reader"}), ("en", set(table.REVIEWS))],
)
def test_a_line_that_changed_has_to_be_read_again(column: str, lost: set[str]) -> None:
    texts = {code: f"Call 911, in {code}" for code in LANGUAGES}
    said = table.Line("danger", "pages", texts, dict.fromkeys(table.REVIEWS, table.NOT_YET))
    before = replace(said, read_by=dict.fromkeys(table.REVIEWS, "A. Reader, 2026-11-27"))
    assert table.reviewed(said, before) == before
    after = table.reviewed(replace(said, texts=texts | {column: "changed"}), before)
    assert {name for name, by in after.read_by.items() if by == table.NOT_YET} == lost


def test_in_spanish_the_duty_is_to_report_and_not_to_tip() -> None:
    # "Avisar" is this app's word for what a reporter does.
    duties = [row for row in table.known().values() if row.about == "who must report"]
    assert duties
    assert not [row.en for row in duties if "avis" in row.texts["es"].casefold()]


def test_staffs_words_are_not_in_it() -> None:
    assert not [row for row in table.known().values() if "supervisor" in row.en]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_strip_on_every_page_says_what_the_table_holds(language: str) -> None:
    english = [
        "In danger right now?",
        "Call 911",
        "Can’t talk? Say where you are.",
        "Text 911",
        "Want to talk to someone?",
        "Call or text 988",
    ]
    said = {row.en: row.texts[language] for row in table.known().values()}
    with translation.override(language):
        html = render_to_string("ui/components/crisis.html").replace("</li>", " </li>")
    strip = " ".join(strip_tags(html).split())
    assert strip == " ".join(said[line] for line in english)


@pytest.mark.parametrize("language", CALLS)
@pytest.mark.parametrize("number", ["911", "988"])
def test_no_bare_number_stands_beside_the_one_in_their_language(language: str, number: str) -> None:
    [row] = [row for row in table.known().values() if row.where == f"service {number}, ways"]
    begins, told = CALLS[language]
    calls = [way for way in row.texts[language].split(" / ") if way.startswith(begins)]
    assert len(calls) == 1, calls
    assert re.search(told, calls[0])


def test_how_a_call_is_named_is_known_of_each_language() -> None:
    assert set(CALLS) == set(LANGUAGES) - {"en"}
