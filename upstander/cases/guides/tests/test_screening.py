"""Which level answers suggest: a table that a clinician can read, and rules that hold for any."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.base.refused import Refused
from upstander.cases.guides.loading import LEVELS, own_instrument, read_instrument
from upstander.cases.guides.screening import ANSWERS, UNCLEAR, check_answers, suggest
from upstander.rulefiles import RuleFileWrong

TABLE = Path(__file__).with_name("levels.csv").read_text("utf-8")
GOLDEN = list(csv.DictReader(TABLE.splitlines()))
ANSWERED = st.fixed_dictionaries(
    {one.key: st.sampled_from(ANSWERS) for one in own_instrument().questions}
)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: "-".join(filter(None, row.values())))
def test_the_level_that_answers_suggest(row: dict[str, str]) -> None:
    answers = {key: answer for key, answer in row.items() if answer and key != "level"}
    assert suggest(own_instrument(), answers).level == row["level"]


@settings(deadline=None)
@given(answers=ANSWERED)
def test_a_suggestion_says_which_answers_weigh_and_a_worse_answer_never_lowers_it(
    answers: dict[str, str],
) -> None:
    used = own_instrument()
    found = suggest(used, answers)
    assert found.because
    assert bool(found.weighed) is (found.level != "none")
    assert set(found.open) <= set(found.weighed)
    for one in used.questions:
        worse = suggest(used, answers | {one.key: one.worse})
        assert LEVELS.index(worse.level) >= LEVELS.index(found.level)
        open_one = suggest(used, answers | {one.key: UNCLEAR})
        assert open_one.level == worse.level


def test_a_question_that_had_to_be_asked_is_not_passed_over() -> None:
    answers = {"weary": "no", "thoughts": "yes", "before": "no", "safe": "yes"}
    with pytest.raises(Refused):
        check_answers(own_instrument(), answers)
    check_answers(own_instrument(), answers | {"thoughts": "no"})
    check_answers(
        own_instrument(), answers | dict.fromkeys(("worked_out", "might_act", "ready"), "no")
    )


LICENSED = """
key = "licensed"
name = "A licensed instrument"
version = "2"
licence = "Installed with permission of its holder, for this district only."
[[questions]]
key = "a"
worse = "yes"
en = "First?"
[[questions]]
key = "b"
worse = "yes"
only_if = "a"
en = "Second?"
[[rules]]
level = "high"
any = ["b"]
because = "Second."
[[rules]]
level = "low"
any = ["a"]
because = "First."
[[rules]]
level = "none"
any = []
because = "Neither."
"""


def test_a_licensed_instrument_is_a_file_of_the_same_shape() -> None:
    one = read_instrument(LICENSED.encode(), "licensed.toml")
    assert one.languages == ("en",)
    assert suggest(one, {"a": "yes", "b": "no"}).level == "low"


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        ('licence = "Installed', 'holder = "Installed', "licence"),
        ('only_if = "a"', 'only_if = "later"', "earlier question"),
        ('worse = "yes"', 'worse = "maybe"', "yes or no"),
        ('any = ["a"]', "any = []", "last rule"),
        ('any = ["a"]', 'any = ["c"]', "names no question"),
        ('level = "low"', 'level = "severe"', "level must be"),
        ('any = ["b"]', 'any = ["a"]', "no rule weighs b"),
        ('en = "First?"', "", "English"),
        ("key =", "key", "licensed.toml"),
    ],
)
def test_a_careless_file_is_refused_with_its_name(from_text: str, to_text: str, says: str) -> None:
    with pytest.raises(RuleFileWrong, match=says):
        read_instrument(LICENSED.replace(from_text, to_text, 1).encode(), "licensed.toml")
