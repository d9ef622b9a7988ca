"""The suggested priority: golden cases, and what must hold for every record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.intake.priority import Priority
from upstander.intake.taxonomy import CATEGORIES
from upstander.rulefiles import RuleType, Words, data_file, read_table
from upstander.triage.assessment_fields import (
    FIELDS,
    FIELDS_BY_KEY,
    UNKNOWN,
    problems_with,
    still_unknown,
    values_of,
)
from upstander.triage.protocol import Group
from upstander.triage.suggestions import RULES, suggest_priority


class Case(RuleType, frozen=True):
    """One case worked out by hand."""

    case: Words
    category: str
    recorded: str
    floor: Priority
    priority: Priority


CASES = read_table(data_file("upstander.triage", "assessment_expected.csv"), Case).rows
CALM = {
    "imminence": "past",
    "means": "no",
    "plan": "no",
    "prior": "no",
    "condition": "well",
    "home_unsafe": "no",
    "mr_trigger": "no",
    "could_be_impersonation": "no",
    "call_911": "not_now",
}

choices = {
    f.key: st.sampled_from(sorted(f.option_keys)) for f in FIELDS if f.kind.startswith("choice")
}
records = st.fixed_dictionaries({}, optional=choices)
categories = st.sampled_from([*CATEGORIES, "", "nonsense"])
floors = st.sampled_from(list(Priority))


def recorded(row: Case) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in row.recorded.split("; ") if pair)
    return {key: value for key, _, value in pairs}


@pytest.mark.parametrize("row", CASES, ids=lambda row: row.case)
def test_golden_case(row: Case) -> None:
    fields = recorded(row)
    assert problems_with(fields) == {}
    found = suggest_priority(fields, category=row.category, floor=row.floor)
    assert found.priority == row.priority


def test_the_golden_cases_reach_every_rule_that_raises() -> None:
    reached = {
        reason
        for row in CASES
        for reason in suggest_priority(recorded(row), category=row.category).reasons
    }
    assert {rule.reason for rule in RULES if rule.priority} <= reached


@given(category=categories, floor=floors, fewer=records, more=records)
def test_more_recorded_never_lowers(
    category: str, floor: Priority, fewer: dict[str, str], more: dict[str, str]
) -> None:
    before = suggest_priority(fewer, category=category, floor=floor)
    after = suggest_priority(more | fewer, category=category, floor=floor)
    assert after.priority >= before.priority >= floor
    assert set(before.cautions) <= set(after.cautions)


@given(category=categories, fields=records, key=st.sampled_from(sorted(CALM)))
def test_unknown_never_counts_as_no(category: str, fields: dict[str, str], key: str) -> None:
    unknown = suggest_priority(fields | {key: UNKNOWN}, category=category)
    calm = suggest_priority(fields | {key: CALM[key]}, category=category)
    assert unknown.priority >= calm.priority
    assert len(unknown.still_unknown) >= len(calm.still_unknown)


@given(category=categories, fields=records, words=st.text(min_size=1, max_size=60))
def test_words_decide_nothing(category: str, fields: dict[str, str], words: str) -> None:
    written = {f.key: words for f in FIELDS if f.kind == "text"}
    with_words = suggest_priority(fields | written, category=category)
    without = suggest_priority(fields, category=category)
    assert with_words.priority == without.priority
    assert with_words.reasons == without.reasons


@given(fields=st.dictionaries(st.sampled_from(sorted(FIELDS_BY_KEY)), st.text(max_size=20)))
def test_odd_values_are_no_error(fields: dict[str, str]) -> None:
    assert suggest_priority(fields).priority >= Priority.ROUTINE


def test_every_field_can_be_unknown() -> None:
    for field in FIELDS:
        assert UNKNOWN in field.option_keys
        assert problems_with({field.key: UNKNOWN}) == {}


def test_what_is_decisive_and_unknown_is_named() -> None:
    names = [f.key for f in still_unknown(Group.SUICIDE, {"means": "unknown", "place_now": "home"})]
    assert "means" in names
    assert "imminence" in names
    assert "place_now" not in names
    assert "home_unsafe" not in names


def test_a_possible_impersonation_asks_for_a_second_person() -> None:
    found = suggest_priority({"could_be_impersonation": "unknown"})
    assert any("second person" in caution for caution in found.cautions)


def test_problems_are_said_in_words() -> None:
    problems = problems_with(
        {
            "means": "yes",
            "protective": "adult_present none",
            "vulnerability": "age language",
            "next_check": "tomorrow",
            "exact_words": "x" * 4001,
            "mood": "bad",
        }
    )
    assert sorted(problems) == ["exact_words", "means", "mood", "next_check", "protective"]
    assert problems_with({"next_check": "2026-03-01T22:30:00-05:00"}) == {}


def test_a_field_of_words_counts_as_given_or_unknown() -> None:
    assert values_of("target", {"target": " a name "}) == {"given"}
    assert values_of("target", {"target": "unknown"}) == {UNKNOWN}
    assert values_of("target", {}) == frozenset()
    assert values_of("vulnerability", {"vulnerability": "age language"}) == {"age", "language"}
