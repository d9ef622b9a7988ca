"""A schedule that says nonsense is refused with its place: something would go too early by it."""

from __future__ import annotations

import pytest

from upstander.rulefiles import RuleFileWrong, parse_rules
from upstander.states import Schedule, law

TEXT = (law("us-ct").folder / "retention.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        ("days = 90\n", "", "rules “tip_not_actionable”: tip_not_actionable must say one of days"),
        ("days = 90\n", "days = 90\nschool_years = 1\n", "must say one of days"),
        ("days = 90\n", "days = -90\n", "days is -90; days must be a whole number of 1 or more"),
        ("days = 90\n", "day = 90\n", "rules “tip_not_actionable”: unknown entries: day"),
        ('"06-30"', '"30-06"', "month must be in 1..12"),
        ('"06-30"', '"June"', "school_year_ends must be month and day, like 06-30"),
        ('key = "tip_closed"', 'key = "tip_life_safety"', "'tip_life_safety' stands twice"),
        ("life_safety = false\n", 'life_safety = "no"\n', "must be true or false"),
    ],
)
def test_a_careless_schedule(from_text: str, to_text: str, says: str) -> None:
    assert from_text in TEXT
    with pytest.raises(RuleFileWrong) as caught:
        parse_rules(TEXT.replace(from_text, to_text, 1).encode(), "retention.toml", Schedule)
    assert says in str(caught.value)
    assert str(caught.value).startswith("retention.toml: ")
