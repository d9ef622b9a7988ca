"""The content of the form: complete in every language, and safe to change for a district."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.intake.tables import LANGUAGES
from upstander.intake.taxonomy import (
    CATEGORIES,
    FILES_QUESTION,
    QUESTIONS,
    QUESTIONS_BY_KEY,
    TILE_OF_CATEGORY,
    TILES,
    TILES_BY_KEY,
    Priority,
    TileChange,
    known_answers,
    priority_floor,
    problems_with,
    questions_for,
    tiles_for,
)
from upstander.rulefiles import RuleFileWrong, RuleType, read_table


def keys(tile: str, step: str, **answers: str) -> list[str]:
    return [
        q.key
        for q in questions_for(tile, answers, step="first" if step == "first" else "follow_up")
    ]


def test_the_tiles_hold_every_category_once() -> None:
    assert sorted(c for tile in TILES for c in tile.categories) == sorted(CATEGORIES)
    assert TILE_OF_CATEGORY["sextortion"].key == "images"


def test_a_category_whose_default_is_higher_than_its_tile_is_known() -> None:
    # The tile can't tell them apart, so the counselor's choice of category must raise the tip.
    higher = {k for k, c in CATEGORIES.items() if c.default > TILE_OF_CATEGORY[k].floor}
    assert {"planned_attack", "suicide_attempt_now", "overdose_medical", "arson"} <= higher


def test_pictures_can_not_be_uploaded_on_the_tile_about_pictures() -> None:
    assert [tile.key for tile in TILES if not tile.upload_allowed] == ["images"]


def test_a_report_about_staff_leaves_the_building() -> None:
    assert [tile.key for tile in TILES if tile.outside_building] == ["adult"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_exists_in_every_language(language: str) -> None:
    for tile in TILES:
        assert tile.text(language)
    for question in (*QUESTIONS, FILES_QUESTION):
        assert question.text(language)
        assert bool(question.hint(language)) == bool(question.hint("en"))
        for option in question.options:
            assert question.option_text(option, language)


def test_an_unknown_language_reads_english() -> None:
    assert TILES_BY_KEY["fight"].text("pl") == "A fight or gang"
    assert TILES_BY_KEY["fight"].text("es-pr") == "Una pelea o pandilla"


def test_the_form_is_the_same_for_everybody_and_asks_no_follow_up() -> None:
    first = [
        "who",
        "when",
        "tile",
        "school",
        "text",
        "place",
        "subject",
        "source",
        "not_see",
        "home_safe",
        "trusted_adult",
    ]
    assert keys("", "first") == first
    assert keys("suicide", "first", when="now") == first
    assert [q.key for q in QUESTIONS if q.required] == ["text"]


def test_follow_ups_depend_on_tile_and_urgency() -> None:
    assert keys("attack", "then") == ["when", "place", "means"]
    assert keys("threat", "then") == ["when", "place", "means", "who_hurt"]
    assert keys("suicide", "then") == ["when", "place", "means", "hurt_today"]
    for tile in ("home", "adult", "sexual", "partner"):
        assert keys(tile, "then") == ["when", "place", "again"]
    # Where "now" changes nothing it is not asked for again.
    assert keys("images", "then") == ["place", "again"]
    assert keys("fight", "then") == ["place", "means"]
    assert keys("drugs", "then") == ["when", "place", "awake"]
    assert keys("missing", "then") == ["when", "place"]
    assert keys("missing", "then", when="unknown") == ["place"]
    assert keys("other", "then") == ["fire"]
    assert keys("bullying", "then") == []
    assert keys("bullying", "then", when="now") == ["place"]
    assert keys("", "then", when="soon") == ["place"]


def test_what_was_answered_is_not_asked_again() -> None:
    answered = {"when": "days", "place": "room 4", "means": "unknown"}
    assert keys("suicide", "then", **answered) == ["hurt_today"]
    assert keys("suicide", "then", when="days", place="  ") == ["place", "means", "hurt_today"]


def test_known_answers_drops_what_no_question_knows() -> None:
    raw = {"who": "me", "when": "yesterday", "text": "…", "place": " room 4 ", "role": "admin"}
    assert known_answers(raw) == {"who": "me", "place": "room 4"}


def test_a_district_renames_moves_and_hides() -> None:
    tiles = tiles_for(
        [
            TileChange("bullying", texts={"en": "Someone is mean to me"}, position=1),
            TileChange("drugs", hidden=True),
        ]
    )
    assert [tile.key for tile in tiles][:3] == ["bullying", "attack", "threat"]
    assert tiles[0].text("en") == "Someone is mean to me"
    assert tiles[0].text("es") == "Acoso, odio o mensajes crueles"
    assert "drugs" not in {tile.key for tile in tiles}


def test_no_change_lowers_a_floor() -> None:
    assert priority_floor("suicide", {}).priority is Priority.URGENT
    hidden = tiles_for([TileChange("suicide", hidden=True)])
    assert "suicide" not in {tile.key for tile in hidden}
    assert priority_floor("suicide", {}).priority is Priority.URGENT


changes = st.builds(
    TileChange,
    tile=st.sampled_from([*TILES_BY_KEY, "nonsense"]),
    texts=st.dictionaries(st.sampled_from([*LANGUAGES, "xx"]), st.text(max_size=90), max_size=3),
    position=st.none() | st.integers(-3, 20),
    hidden=st.booleans(),
)


@given(st.lists(changes, max_size=20))
def test_whatever_a_district_does_a_form_remains(wanted: list[TileChange]) -> None:
    tiles = tiles_for(wanted)
    found = [tile.key for tile in tiles]
    assert len(set(found)) == len(found)
    assert "other" in found
    for tile in tiles:
        original = TILES_BY_KEY[tile.key]
        assert (tile.floor, tile.categories) == (original.floor, original.categories)
        assert all(tile.text(language).strip() for language in LANGUAGES)


def test_problems_are_said_in_words() -> None:
    assert problems_with(TileChange("fight", texts={"en": "A fight"}, position=3)) == ()
    assert len(problems_with(TileChange("other", hidden=True))) == 1
    assert len(problems_with(TileChange("nope", texts={"xx": "a", "en": " "}, position=0))) == 4


def test_english_and_spanish_are_the_agreed_words() -> None:
    again = QUESTIONS_BY_KEY["again"]
    assert again.text("en") == "Could someone be hurt again today or tomorrow?"
    assert again.text("es") == "¿Alguien puede sufrir daño otra vez hoy o mañana?"


class Careless(RuleType, frozen=True):
    key: str
    en: str
    es: str


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("key,en\na,b\n", "the columns are"),
        ("key,en,es\na,b\n", "line 2: 2 cells"),
        ("key,en,es\na, b,c\n", "a blank at the edge"),
    ],
)
def test_a_careless_table_is_refused_with_its_place(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(RuleFileWrong, match=says):
        read_table(tmp_path / "x.csv", Careless)
