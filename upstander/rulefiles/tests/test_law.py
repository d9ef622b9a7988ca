"""What a file says of the law: no file confirms it, and what it may do before somebody has."""

from __future__ import annotations

import pytest

from upstander.rulefiles import (
    Key,
    OfLaw,
    Permits,
    Protects,
    RuleFileWrong,
    RuleType,
    laws_in,
    parse_rules,
    with_confirmed,
)
from upstander.rulefiles.law import MARK


class Clock(Protects, frozen=True, kw_only=True):
    """A deadline."""

    key: Key = ""
    hours: int


class Waiver(Permits, frozen=True, kw_only=True):
    """Something that need not be done."""

    key: Key


class File(RuleType, frozen=True):
    """A file with both."""

    name: str
    clocks: dict[str, Clock]
    waivers: tuple[Waiver, ...]


TEXT = """
name = "A State"
[clocks.report]
hours = 12
source = "A statute"
confirmed = false
[[waivers]]
key = "age"
source = "A statute"
"""


def read(text: str = TEXT) -> File:
    return parse_rules(text.encode(), "state.toml", File)


def test_what_protects_runs_unconfirmed_and_says_so() -> None:
    clock = read().clocks["report"]
    assert (clock.runs, clock.mark) == (True, str(MARK))
    assert not clock.permits


def test_what_permits_does_nothing_unconfirmed_and_says_so() -> None:
    (waiver,) = read().waivers
    assert (waiver.runs, waiver.mark) == (False, str(MARK))
    assert waiver.permits


def test_once_confirmed_both_run_and_nothing_is_marked() -> None:
    file = with_confirmed(read(), lambda _place, _law: True)
    for one in (file.clocks["report"], *file.waivers):
        assert (one.runs, one.mark) == (True, "")


@pytest.mark.parametrize("place", ["clocks.report", "age"])
def test_one_is_confirmed_and_no_other(place: str) -> None:
    before = read()
    after = with_confirmed(before, lambda where, _law: where == place)
    assert {found.place for found in laws_in(after) if found.law.confirmed} == {place}
    assert not any(found.law.confirmed for found in laws_in(before)), "the file's own is untouched"


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        ("confirmed = false", "confirmed = true", "state.toml: clocks, report: confirmed is true"),
        ('key = "age"', 'key = "age"\nconfirmed = true', "state.toml: age: confirmed is true"),
        (
            '[clocks.report]\nhours = 12\nsource = "A statute"',
            "[clocks.report]\nhours = 12",
            "source",
        ),
    ],
)
def test_a_file_confirms_nothing_and_names_its_source(
    from_text: str, to_text: str, says: str
) -> None:
    assert from_text in TEXT
    with pytest.raises(RuleFileWrong) as caught:
        read(TEXT.replace(from_text, to_text, 1))
    assert says in str(caught.value)


def test_every_rule_of_law_is_one_of_the_two() -> None:
    assert set(OfLaw.__subclasses__()) == {Permits, Protects}
