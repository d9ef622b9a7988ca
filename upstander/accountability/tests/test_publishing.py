"""What is told of times says of no group that few tips were in it, beside all else that is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from random import Random
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstander.accountability import publishing
from upstander.accountability.equity import NO_SCHOOL
from upstander.accountability.figures import Counted as Timed
from upstander.accountability.figures import times_of
from upstander.accountability.publishing import (
    DOOR_NAMES,
    LIFE_SAFETY,
    PRIORITIES,
    SCHOOLS,
    STEPS,
    measured,
)
from upstander.accountability.queries import _CENTER, _SCHOOL, Found, View
from upstander.base.alike import all_suppressed
from upstander.base.joint import Counted, Division, Grouped, Row
from upstander.base.suppression import LEAST
from upstander.base.tests.attacker import Attacker
from upstander.editions.keeping import Measured, Measures, Place

SCHOOL_NAMES = {1: "Alder", 2: "Birch", 3: "Cedar", 4: "Elm"}
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
Kinds = Mapping[tuple[Any, str, int, int, str, str], int]


@st.composite
def kinds(draw: st.DrawFn) -> Kinds:
    found: Counter[tuple[Any, str, int, int, str, str]] = Counter()
    for _ in range(draw(st.integers(0, 12))):
        kind = (
            draw(st.sampled_from([*SCHOOL_NAMES, None])),
            draw(st.sampled_from(["life_safety", "urgent", "routine"])),
            draw(st.integers(0, 7)),
            draw(st.integers(0, 6)),
            draw(st.sampled_from(["web", "web", "sms", "voice", "staff"])),
            draw(st.sampled_from(["en", "en", "es", "ar"])),
        )
        found[kind] += draw(st.one_of(st.integers(1, 9), st.integers(1, 40)))
    return found


def found_of(view: View, some: Kinds, reached: Mapping[str, int]) -> Found:
    """Tips of these kinds, of which ``reached`` in a hundred came to each step."""
    steps = {}
    for step in view.steps:
        share = 100 if step is view.usual else reached.get(step.key, 100)
        steps[step.key] = times_of(
            [
                Timed(90, count * share // 100, priority == "life_safety" or not step.life_only)
                for (_, priority, *_), count in some.items()
            ],
            step.target,
        )
    return Found({kind: [Timed(90, count)] for kind, count in some.items()}, steps)


def told(one: Measured) -> tuple[list[Grouped], Measures]:
    """Return what ``editions_of`` would keep."""
    tables = all_suppressed({"times": one.counted})["times"]
    places: frozenset[Place] = frozenset(
        (table.name, name)
        for table in tables
        for name, group in {"": table.whole, **table.groups}.items()
        if group.of is not None
    )
    return tables, one.of(places)


def sizes(one: Measured) -> Mapping[Place, int]:
    counts: Counter[Place] = Counter()
    for row in one.counted.rows:
        for division, group in zip(one.counted.divisions, row.groups, strict=True):
            counts[division.name, group] += row.count
    return counts


percents = st.dictionaries(
    st.sampled_from(["assessed", "handed_off", "paged", "acknowledged", "ended"]),
    st.integers(0, 100),
)
befores = st.sampled_from(
    [{}, {"claimed": (1, 95)}, {"claimed": (1, 95), "handed_off": (2, 90)}, None]
)


@slowly
@given(kinds(), percents, st.sampled_from([_CENTER, _SCHOOL]), befores, st.booleans())
def test_no_group_of_few_is_told_of_and_none_is_hidden_alone(
    some: Kinds, reached: dict[str, int], view: View, before: Any, by_school: bool
) -> None:
    found = found_of(view, some, reached)
    one = measured(view, found, SCHOOL_NAMES if by_school else {}, before)
    _, measures = told(one)
    many = sizes(one)
    whole = sum(some.values())
    for division in one.counted.divisions:
        lines = {g: measures[division.name, g]["times.median"] for g in division.groups}
        hidden = [group for group, median in lines.items() if median is None]
        assert all(many[division.name, g] >= LEAST for g, median in lines.items() if median)
        # More than one could be the one of few, and together they are not few.
        assert len(hidden) != 1
        left = sum(many[division.name, group] for group in hidden)
        assert not hidden or whole < LEAST or left >= LEAST
    usual = measures[STEPS, view.usual.key]
    assert (usual["times.median"] is not None) is (whole >= LEAST)


@slowly
@given(kinds(), percents, st.sampled_from([_CENTER, _SCHOOL]), befores)
def test_which_step_or_target_few_tips_came_to_cannot_be_said(
    some: Kinds, reached: dict[str, int], view: View, before: Any
) -> None:
    found = found_of(view, some, reached)
    _, measures = told(measured(view, found, SCHOOL_NAMES, before))
    others = {
        measures[STEPS, step.key]["times.median"] is not None
        for step in view.steps
        if step is not view.usual
    }
    if before is not None:
        others.add(measures[publishing.BEFORE, "claimed"]["before.minutes"] is not None)
    assert len(others) == 1
    # A target of life safety is told exactly where that group is, and the steps with it.
    in_danger = measures[PRIORITIES, LIFE_SAFETY]["times.median"] is not None
    for step in view.steps:
        share = measures[STEPS, step.key]["times.share"]
        shown = measures[STEPS, step.key]["times.median"] is not None
        assert share is None or found.steps[step.key].of >= LEAST
        if step.life_only:
            assert (share is not None) is (in_danger and shown)
    if before is not None:
        minutes = measures[publishing.BEFORE, "handed_off"]["before.minutes"]
        assert (minutes is not None) is (in_danger and others == {True})


@slowly
@given(kinds(), percents, befores)
def test_the_only_numbers_are_times_and_rounded_shares(
    some: Kinds, reached: dict[str, int], before: Any
) -> None:
    found = found_of(_CENTER, some, reached)
    _, measures = told(measured(_CENTER, found, SCHOOL_NAMES, before))
    for values in measures.values():
        for key, value in values.items():
            assert value is None or key in publishing_keys()
            if key.endswith(("share", "percent")):
                assert (value or 0) % 5 == 0


def test_doors_and_languages_are_told_to_the_center_alone_and_only_of_ten_and_more() -> None:
    at = (1, "urgent", 0, 0)
    doors = ("web", "sms", "voice", "staff")
    some = {(*at, door, "en"): 30 for door in doors} | {(*at, "web", "es"): 20}
    few = {**some, (*at, "staff", "en"): 4}
    _, measures = told(measured(_CENTER, found_of(_CENTER, some, {}), SCHOOL_NAMES))
    assert all(measures[publishing.DOORS, name]["times.median"] for name in DOOR_NAMES.values())
    _, measures = told(measured(_CENTER, found_of(_CENTER, few, {}), SCHOOL_NAMES))
    hidden = [n for n in DOOR_NAMES.values() if not measures[publishing.DOORS, n]["times.median"]]
    assert "Taken down by an adult" in hidden
    assert len(hidden) > 1, "never all but one: another is hidden for its sake"
    _, measures = told(measured(_SCHOOL, found_of(_SCHOOL, some, {}), {}, None))
    assert not {table for table, _ in measures} & {publishing.DOORS, publishing.LANGUAGES}


def publishing_keys() -> set[str]:
    return {
        "times.median",
        "times.p90",
        "times.p99",
        "times.share",
        "before.minutes",
        "before.percent",
    }


@st.composite
def half_years(draw: st.DrawFn) -> tuple[Counted, Counted, Kinds]:
    """Cases, tips without one, and all that came in: here nothing ended that came in before."""
    schools = list(SCHOOL_NAMES.values())
    cases, tips, every = [], [], Counter[tuple[Any, str, int, int, str, str]]()
    for _ in range(draw(st.integers(1, 10))):
        at = draw(st.integers(0, 3))
        count = draw(st.one_of(st.integers(1, 12), st.integers(1, 50)))
        way = draw(st.sampled_from(["case", "tip", "open"]))
        yes = frozenset(draw(st.sampled_from([(), ("support",), ("nothing",)])))
        if way == "case":
            band = draw(st.sampled_from(["k-5", "6-8"]))
            cases.append(Row((schools[at], band), yes, count))
        elif way == "tip":
            tips.append(Row((schools[at],), yes, count))
        priority = draw(st.sampled_from(["life_safety", "routine"]))
        every[at + 1, priority, draw(st.integers(0, 2)), 0, "web", "en"] += count
    asked, division = ("support", "nothing"), Division("School", tuple(schools))
    return (
        Counted([division, Division("Grade", ("k-5", "6-8"))], asked, cases),
        Counted([division], asked, tips, [frozenset(asked)]),
        every,
    )


@settings(slowly, max_examples=100)
@given(half_years())
def test_all_pages_of_one_audience_together_say_of_no_school_that_it_has_few(
    half: tuple[Counted, Counted, Kinds],
) -> None:
    """An attacker with outcomes, times and file, who knows that what ended had come in.

    Which schools had nothing at all, they don't know.

    They bound each school's cases and tips by the simplex method over all that is shown, and so
    its tips in all from below. A hidden school of few is found if every other that is hidden with
    it is known to have ten.
    """
    cases, tips, every = half
    one = measured(_CENTER, found_of(_CENTER, every, {}), SCHOOL_NAMES)
    found = all_suppressed({"cases": cases, "tips": tips, "times": one.counted})
    least = defaultdict[str, int](int)
    for counted, tables in ((cases, found["cases"]), (tips, found["tips"])):
        if tables[0].whole.of is None:
            continue
        others = [division.groups for division in counted.divisions[1:]]
        every_kind = [
            Row((school, *rest), frozenset(), 0)
            for school in SCHOOL_NAMES.values()
            for rest in product(*others)
        ]
        attacker = Attacker(replace(counted, rows=[*counted.rows, *every_kind]), tables)
        for school, shown in tables[0].groups.items():
            if shown.of is None:
                wanted = attacker.of((((0, school),), "", True))
                true = sum(row.count for row in counted.rows if row.groups[0] == school)
                if 0 < true < LEAST:
                    assert attacker.most(wanted) >= LEAST, school
                least[school] += int(-attacker.most([-value for value in wanted]))
            else:
                least[school] += shown.of or 0
    table = next(t for t in found["times"] if t.name == SCHOOLS)
    if table.whole.of is None:
        return
    hidden = [school for school, group in table.groups.items() if group.of is None]
    for school in hidden:
        few = 0 < sizes(one)[SCHOOLS, school] < LEAST
        assert not few or any(least[other] < LEAST for other in hidden if other != school)


def test_a_tip_without_a_school_is_in_a_group_of_its_own() -> None:
    at = ("urgent", 0, 0, "web", "en")
    some = {(None, *at): 12, (9, *at): 3, (1, *at): 30}
    one = measured(_CENTER, found_of(_CENTER, some, {}), SCHOOL_NAMES)
    assert sizes(one)[SCHOOLS, NO_SCHOOL] == 15


@pytest.mark.slow
def test_a_large_district_is_done_soon_and_nearly_all_of_it_is_told() -> None:
    chance = Random(1)
    schools = {n: f"School {n}" for n in range(1, 201)}
    some: Counter[tuple[Any, str, int, int, str, str]] = Counter()
    for _ in range(60_000):
        priority = chance.choices(["life_safety", "urgent", "routine"], [1, 5, 14])[0]
        door = chance.choices(["web", "sms", "voice", "staff"], [15, 2, 3, 1])[0]
        language = chance.choices(["en", "es", "ar"], [15, 4, 1])[0]
        hour, day = chance.randint(0, 7), chance.randint(0, 6)
        some[chance.randint(1, 200), priority, hour, day, door, language] += 1
    began = process_time()
    one = measured(_CENTER, found_of(_CENTER, some, {}), schools)
    _, measures = told(one)
    assert process_time() - began < 60
    assert all(values["times.median"] is not None for values in measures.values())
