"""No small number is shown, and none can be reckoned from what is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstander.base.joint import Counted, Division, Row, suppressed
from upstander.base.suppression import LEAST, Shown

QUESTIONS = ("police", "discipline")
#: A slow machine is no fault of the rules.
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Count:
    """How many there are in a group, and how many of them are "yes" to each question."""

    of: int
    yes: Mapping[str, int]


def shown(groups: Mapping[str, Count], questions: Sequence[str]) -> tuple[Shown, dict[str, Shown]]:
    """Return one table as it may be shown."""
    rows = []
    for name, group in groups.items():
        # One case after the other, so that all answers are as many as they are said to be.
        rows += [
            Row((name,), frozenset(q for q in questions if n < group.yes.get(q, 0)), 1)
            for n in range(group.of)
        ]
    [table] = suppressed(Counted([Division("Letter", tuple(groups))], questions, rows))
    return table.whole, table.groups


@st.composite
def counts(draw: st.DrawFn) -> dict[str, Count]:
    """Groups small and large, with answers at their edges more often than chance would have it."""
    groups = {}
    for name in draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)):
        of = draw(st.one_of(st.integers(0, 25), st.integers(0, 400)))
        yes = {
            question: draw(st.one_of(st.integers(0, of), st.sampled_from([0, of])))
            for question in QUESTIONS
        }
        groups[name] = Count(of, yes)
    return groups


def numbers(one: Shown) -> list[int]:
    """Return every number that one line tells: counts, and what is left of each."""
    told = [] if one.of is None else [one.of]
    for yes in one.yes.values():
        if yes is not None:
            told.append(yes)
            if one.of is not None:
                told.append(one.of - yes)
    return told


@slowly
@given(counts())
def test_no_number_under_ten_is_shown_nor_what_is_left_of_one(groups: dict[str, Count]) -> None:
    whole, lines = shown(groups, QUESTIONS)
    for line in (whole, *lines.values()):
        assert all(number >= LEAST for number in numbers(line))


@slowly
@given(counts())
def test_what_is_shown_is_true(groups: dict[str, Count]) -> None:
    whole, lines = shown(groups, QUESTIONS)
    assert whole.of in (None, sum(group.of for group in groups.values()))
    for name, line in lines.items():
        assert line.of in (None, groups[name].of)
        for question, yes in line.yes.items():
            assert yes in (None, groups[name].yes[question])
            # A part is never shown of a whole that isn't.
            assert yes is None or line.of is not None


@slowly
@given(counts())
def test_a_total_leaves_for_the_hidden_no_small_number_and_never_one_group_alone(
    groups: dict[str, Count],
) -> None:
    whole, lines = shown(groups, QUESTIONS)
    if whole.of is not None:
        hidden = [name for name, line in lines.items() if line.of is None]
        assert len(hidden) != 1
        assert not hidden or sum(groups[name].of for name in hidden) >= LEAST
    for question in QUESTIONS:
        if whole.yes[question] is None:
            assert all(line.yes[question] is None for line in lines.values())
            continue
        hidden = [name for name, line in lines.items() if line.yes[question] is None]
        assert len(hidden) != 1
        if hidden:
            assert sum(groups[name].yes[question] for name in hidden) >= LEAST
            no = sum(groups[name].of - groups[name].yes[question] for name in hidden)
            assert no >= LEAST


@slowly
@given(counts())
def test_for_every_hidden_answer_another_table_shows_the_same(groups: dict[str, Count]) -> None:
    """An outsider who knows the rules can't tell: some other true table looks the same to them."""
    before = shown(groups, QUESTIONS)
    for question in QUESTIONS:
        if before[0].yes[question] is None:
            continue
        for name, line in before[1].items():
            if line.yes[question] is None:
                assert any(
                    _could_be(groups, before[1], question, name, other)
                    for other in groups
                    if other != name and before[1][other].yes[question] is None
                ), (question, name)


def _could_be(
    groups: Mapping[str, Count], lines: Mapping[str, Shown], question: str, one: str, other: str
) -> bool:
    """Whether one "yes" could as well lie in the other group, by all that is shown."""
    for taken, given_to in ((one, other), (other, one)):
        fewer = groups[taken].yes[question] - 1
        more = groups[given_to].yes[question] + 1
        # Where the size is hidden too, it isn't known that there is no room.
        room = groups[given_to].of if lines[given_to].of is not None else more
        if fewer >= 0 and more <= room:
            return True
    return False


@pytest.mark.parametrize(
    ("sizes", "visible"),
    [
        ({"a": 40, "b": 30}, {"a", "b"}),
        ({"a": 40, "b": 9}, set()),
        # One small group takes the next larger one with it, and the rest is shown.
        ({"a": 40, "b": 30, "c": 3}, {"a"}),
        ({"a": 40, "b": 30, "c": 6, "d": 5}, {"a", "b"}),
        ({"a": 9, "b": 9}, set()),
        ({"a": 10}, {"a"}),
        ({}, set()),
    ],
)
def test_examples(sizes: dict[str, int], visible: set[str]) -> None:
    _, lines = shown({name: Count(of, {}) for name, of in sizes.items()}, ())
    assert {name for name, line in lines.items() if line.of is not None} == visible
