"""A careless change in a State's files is refused with its place; nothing of it is passed over."""

from __future__ import annotations

import pytest

from upstander.rulefiles import RuleFileWrong, parse_rules
from upstander.states import AgencyForm, RegisterPart, RuleSet, law

FOLDER = law("us-ct").folder
LAW = (FOLDER / "duties.toml").read_text("utf-8")
REGISTER = (FOLDER / "register.toml").read_text("utf-8")
FORM = (FOLDER / "forms/dcf-136.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        ("amount = 12\n", "", "duties, abuse, first: amount is missing"),
        ("amount = 12\n", 'amount = "12"\n', "duties, abuse, first: amount is '12'"),
        ("amount = 12\n", "amount = 0\n", "duties, abuse, first: amount is 0"),
        (
            'unit = "hours"',
            'unit = "days"',
            "unit must be one of: hours, school_days, working_days",
        ),
        ('source = "CGS 17a-101b"\n', "", "ways, careline: source is missing"),
        ("under_age = 18", "under_aged = 18", "duties, abuse: unknown entries: under_aged"),
        ('ways = ["careline",', 'ways = ["carline",', "abuse names ways that do not exist"),
        ("closes = 19:00:00\n", "", "ways, electronic: opens and closes stand together"),
        ("weekdays = [0,", "weekdays = [7,", "ways, electronic: weekdays 1 is 7"),
        (
            'after = "electronic"\n',
            "",
            "abuse: what follows must say its key and after which event",
        ),
        ('key = "urgent_care"', 'key = "immediate_harm"', "'immediate_harm' stands twice"),
        ('by = "page"', 'by = "pigeon"', "by must be one of: call, notice, page"),
        ('hotline = "careline"', 'hotline = "police"', "the hotline must be a way with a phone"),
        ('hotline = "careline"', 'hotline = "electronic"', "the hotline must be a way with"),
        ("\nconfirmed = false", '\nconfirmed = "yes"', "confirmed must be true or false"),
        (
            "\nconfirmed = false",
            "\nconfirmed = true",
            "ways, careline: confirmed is true; a file conf",
        ),
    ],
)
def test_a_careless_law(from_text: str, to_text: str, says: str) -> None:
    assert from_text in LAW
    with pytest.raises(RuleFileWrong) as caught:
        parse_rules(LAW.replace(from_text, to_text, 1).encode(), "duties.toml", RuleSet)
    assert says in str(caught.value)
    assert str(caught.value).startswith("duties.toml: ")


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        ("same = 7", "same = -7", "keep, years: same is -7"),
        ("[told]", "[tell]", "unknown entries: tell"),
    ],
)
def test_a_careless_register(from_text: str, to_text: str, says: str) -> None:
    assert from_text in REGISTER
    with pytest.raises(RuleFileWrong) as caught:
        parse_rules(REGISTER.replace(from_text, to_text, 1).encode(), "register.toml", RegisterPart)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        ('title = "', 'heading = "', "unknown entries: heading"),
        (
            'kind = "long"',
            'kind = "wide"',
            "kind must be one of: choice, choices, date, long, short",
        ),
        ('kind = "long"', 'kind = "choice"', "is of no kind that can be filled in"),
        ('key = "', 'key = "A ', "must be a key"),
    ],
)
def test_a_careless_form(from_text: str, to_text: str, says: str) -> None:
    assert from_text in FORM
    with pytest.raises(RuleFileWrong) as caught:
        parse_rules(FORM.replace(from_text, to_text, 1).encode(), "dcf-136.toml", AgencyForm)
    assert says in str(caught.value)
