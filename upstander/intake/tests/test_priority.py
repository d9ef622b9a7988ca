"""The floors: the golden cases, and what must hold for every tip whatever its answers."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import field

from upstander.intake.floors import RULES, priority_floor
from upstander.intake.priority import Priority, highest
from upstander.intake.taxonomy import QUESTIONS, QUESTIONS_BY_KEY, TILES
from upstander.rulefiles import RuleType, Words, data_file, read_table

ASKED = (
    *("who", "when", "means", "hurt_today", "who_hurt", "again", "awake", "fire", "home_safe"),
    "danger",
)


class Case(RuleType, frozen=True, kw_only=True):
    """One case worked out by hand; an empty cell was not answered."""

    case: Words
    tile: str
    who: str
    when: str
    means: str
    hurt_today: str
    who_hurt: str
    again: str
    awake: str
    fire: str
    home_safe: str
    danger: str
    priority: Priority
    call_911: bool = field(name="call 911")
    mandated: bool


CASES = read_table(data_file("upstander.intake", "priority_expected.csv"), Case).rows

#: The answer that calms most, against which "I don't know" is held.
CALM = {
    "when": "past",
    "means": "no",
    "hurt_today": "no",
    "who_hurt": "one",
    "again": "no",
    "awake": "yes",
    "fire": "no",
}
#: The answer that alarms most.
GRAVE = {
    "when": "now",
    "means": "yes",
    "hurt_today": "yes",
    "who_hurt": "many",
    "again": "yes",
    "awake": "no",
    "fire": "yes",
    "danger": "yes",
}
CHOICES = [q for q in QUESTIONS if q.kind == "choice" and q.key != "tile"]

tiles = st.sampled_from([*(tile.key for tile in TILES), "", "no such tile"])
answer_sets = st.fixed_dictionaries(
    {}, optional={q.key: st.sampled_from(q.options) for q in CHOICES}
)


def answers_of(row: Case) -> dict[str, str]:
    return {key: said for key in ASKED if (said := getattr(row, key))}


@pytest.mark.parametrize("row", CASES, ids=lambda row: row.case)
def test_golden_case(row: Case) -> None:
    floor = priority_floor(row.tile, answers_of(row))
    found = (floor.priority, floor.call_911, floor.mandated)
    assert found == (row.priority, row.call_911, row.mandated)


def test_the_golden_cases_use_real_answers_and_reach_every_rule() -> None:
    assert len(CASES) >= 80
    assert len({row.case for row in CASES}) == len(CASES)
    for row in CASES:
        for key, value in answers_of(row).items():
            assert value in QUESTIONS_BY_KEY[key].options, row.case
    for rule in RULES:
        assert any(rule.matches(row.tile, answers_of(row)) for row in CASES), rule.reason


def test_priorities_compare_by_urgency_and_not_by_spelling() -> None:
    assert Priority.ROUTINE < Priority.URGENT < Priority.LIFE_SAFETY
    assert Priority.LIFE_SAFETY > "routine"
    assert Priority.URGENT >= Priority.URGENT
    assert Priority.URGENT <= Priority.URGENT
    assert highest(Priority.LIFE_SAFETY, Priority.ROUTINE) is Priority.LIFE_SAFETY
    assert highest() is Priority.ROUTINE
    assert [p.rank for p in sorted(Priority)] == [0, 1, 2]


@given(tile=tiles, fewer=answer_sets, more=answer_sets)
def test_more_answers_never_lower(tile: str, fewer: dict[str, str], more: dict[str, str]) -> None:
    before = priority_floor(tile, fewer)
    after = priority_floor(tile, more | fewer)
    assert after.priority >= before.priority
    assert after.call_911 >= before.call_911
    assert set(before.reasons) <= set(after.reasons)


@given(tile=tiles, answers=answer_sets, key=st.sampled_from(sorted(GRAVE)))
def test_the_gravest_answer_never_lowers(tile: str, answers: dict[str, str], key: str) -> None:
    graver = priority_floor(tile, answers | {key: GRAVE[key]})
    floor = priority_floor(tile, answers)
    assert graver.priority >= floor.priority
    assert graver.call_911 >= floor.call_911


@given(tile=tiles, answers=answer_sets)
def test_sooner_is_never_less(tile: str, answers: dict[str, str]) -> None:
    floors = [priority_floor(tile, answers | {"when": w}) for w in ("past", "days", "soon", "now")]
    for later, sooner in itertools.pairwise(floors):
        assert sooner.priority >= later.priority
        assert sooner.call_911 >= later.call_911


@given(tile=tiles, answers=answer_sets, key=st.sampled_from(sorted(CALM)))
def test_unknown_never_counts_as_no(tile: str, answers: dict[str, str], key: str) -> None:
    unknown = priority_floor(tile, answers | {key: "unknown"})
    skipped = priority_floor(tile, {k: v for k, v in answers.items() if k != key})
    calm = priority_floor(tile, answers | {key: CALM[key]})
    assert unknown.priority >= calm.priority
    assert unknown.call_911 >= calm.call_911
    assert skipped.priority >= calm.priority


@given(tile=tiles, answers=answer_sets, key=st.sampled_from(sorted(CALM)))
def test_what_happens_now_and_is_not_answered_counts_as_unknown(
    tile: str, answers: dict[str, str], key: str
) -> None:
    now = {k: v for k, v in answers.items() if k != key} | {"when": "now"}
    silent, unknown = priority_floor(tile, now), priority_floor(tile, now | {key: "unknown"})
    assert silent.priority >= unknown.priority
    assert silent.call_911 >= unknown.call_911


@given(tile=tiles, answers=answer_sets, key=st.sampled_from(sorted(CALM.keys() - {"when"})))
def test_silence_is_never_less_than_not_knowing(
    tile: str, answers: dict[str, str], key: str
) -> None:
    """Who answers nothing may know less than who says that they don't know, and never more."""
    silent = priority_floor(tile, {k: v for k, v in answers.items() if k != key})
    unknown = priority_floor(tile, answers | {key: "unknown"})
    assert silent.priority >= unknown.priority
    assert silent.call_911 >= unknown.call_911


@given(tile=tiles, answers=answer_sets, words=st.text(max_size=40))
def test_words_decide_nothing(tile: str, answers: dict[str, str], words: str) -> None:
    written = {q.key: words for q in QUESTIONS if q.kind == "text"}
    assert priority_floor(tile, answers | written) == priority_floor(tile, answers)


@given(answers=st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=6))
def test_strange_answers_are_no_error(answers: dict[str, str]) -> None:
    for tile in (*TILES, None):
        floor = priority_floor(tile.key if tile else "???", answers)
        assert floor.priority >= (tile.floor if tile else Priority.ROUTINE)


def test_the_weightiest_reason_stands_first() -> None:
    floor = priority_floor("threat", {"when": "soon", "means": "unknown"})
    assert floor.reasons == (
        "The threat is for now or for today.",
        "It is about: Threat, plan, bomb or scary behavior.",
    )
